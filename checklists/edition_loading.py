"""Handbook editions as folders of YAML files, read with every fault by file and line; one is shipped."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from checklists.conversion import with_traditional
from checklists.edition_reading import EditionReader
from checklists.edition_rules import ReadFlow, hold_exclusions, hold_rules
from checklists.handbook import Edition, StaffRole
from checklists.yaml_nodes import Faults, YamlError, YamlNode, read_yaml

SHIPPED_STANDARDS: Traversable = files("checklists") / "standards"
_HEAD = "edition.yaml"
_HEAD_REQUIRED = ("number", "language", "title", "roles", "flows")
_HEAD_KEYS = (*_HEAD_REQUIRED, "translations")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in an edition's folder; lines are counted from 1."""

    file: str
    line: int
    sentence: str

    def __str__(self) -> str:
        """Return the sentence behind its place."""
        return f"{self.file}:{self.line}: {self.sentence}"


class StandardsError(ValueError):
    """A folder holds no sound edition; `faults` are all that must be mended, file by file, by line."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        """Keep every fault, so that all can be mended at once."""
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


@cache
def shipped_edition() -> Edition:
    """Return the edition that comes with the product, in traditional Chinese as well; read once.

    Raises:
        StandardsError: the shipped files have faults.
    """
    return with_traditional(load_edition(SHIPPED_STANDARDS))


def load_edition(folder: Traversable) -> Edition:
    """Read an edition from its folder.

    Raises:
        StandardsError: a file is missing or has faults; each is told with file and line.

    Source:
        docs/handbook-format.md.
    """
    load = _Load(folder)
    edition = load.edition()
    faults = load.faults()
    if faults or edition is None:
        raise StandardsError(faults)
    return edition


class _Load:
    """One reading of a folder: the faults of every file touched, in the order of reading."""

    def __init__(self, folder: Traversable) -> None:
        self._folder = folder
        self._faults: list[Faults] = []

    def faults(self) -> tuple[Fault, ...]:
        """Return each fault once, file by file, by line."""
        return tuple(
            dict.fromkeys(
                Fault(of_file.file, line, sentence)
                for of_file in self._faults
                for line, sentence in of_file.by_line()
            )
        )

    def edition(self) -> Edition | None:
        """Read the whole edition; None where not even its head can be read."""
        read = self._read(_HEAD)
        if read is None:
            return None
        root, lines = read
        root.require(_HEAD_REQUIRED, _HEAD_KEYS)
        if not root.member("language").text():
            return None
        translations = tuple(language.text() for language in root.member("translations").members())
        reader = EditionReader(root.member("language").text(), translations, lines)
        roles = self._roles(root.member("roles"), reader)
        flows = self._flows(root.member("flows"), reader)
        hold_rules(flows, [role.code for role in roles], reader.language)
        return Edition(
            number=root.member("number").text(),
            language=reader.language,
            title=reader.text(root.member("title")),
            roles=roles,
            flows=tuple(read_flow.flow for read_flow in flows),
        )

    def _roles(self, listed: YamlNode, reader: EditionReader) -> tuple[StaffRole, ...]:
        roles: dict[str, StaffRole] = {}
        for node in listed.members():
            role = reader.role(node)
            if role.code in roles:
                node.note(f"staff role {role.code} stands twice")
            roles[role.code] = role
        return tuple(roles.values())

    def _flows(self, listed: YamlNode, head: EditionReader) -> list[ReadFlow]:
        """Read every flow that is listed, and note the files that are not."""
        flows: list[ReadFlow] = []
        follows = True
        codes: list[str] = []
        for node in listed.members():
            code = node.text()
            if code in codes:
                node.note(f"flow {code} stands twice")
                continue
            codes.append(code)
            read = self._flow(node, code, head)
            if read is not None:
                flows.append(ReadFlow(read.flow, read.root, follows))
            follows = read is not None
        if not codes and not listed.is_absent:
            listed.note("flows is empty: an edition has at least one flow")
        self._note_strays(listed, codes)
        if len(flows) == len(codes):
            hold_exclusions(flows)
        return flows

    def _flow(self, node: YamlNode, code: str, head: EditionReader) -> ReadFlow | None:
        file = f"{code}.yaml"
        if not (self._folder / file).is_file():
            node.note(f"flow {code} has no file: {file} should stand beside {_HEAD}")
            return None
        read = self._read(file)
        if read is None:
            return None
        root, lines = read
        flow = EditionReader(head.language, head.translations, lines).flow(root)
        if flow.code and flow.code != code:
            root.member("code").note(f"code is {flow.code}, but the file is named {file}")
        if not flow.situations and not root.member("situations").is_absent:
            root.member("situations").note(f"flow {code} has no situation")
        return ReadFlow(flow, root, follows=True)

    def _note_strays(self, listed: YamlNode, codes: Iterable[str]) -> None:
        known = {_HEAD, *(f"{code}.yaml" for code in codes)}
        for name in sorted(file.name for file in self._folder.iterdir()):
            if name.endswith(".yaml") and name not in known:
                listed.note(f"{name} stands beside {_HEAD}, but flows does not name it")

    def _read(self, file: str) -> tuple[YamlNode, list[str]] | None:
        """Return a file's root and lines; note what keeps it from being read."""
        faults = Faults(file)
        self._faults.append(faults)
        written = b""
        try:
            written = (self._folder / file).read_bytes()
            text = written.decode("utf-8")
            return read_yaml(text, faults), text.splitlines()
        except OSError as error:
            faults.note(1, f"the file cannot be read: {error.strerror}")
        except UnicodeDecodeError as error:
            faults.note(written[: error.start].count(b"\n") + 1, "the file is no text in UTF-8")
        except YamlError as error:
            faults.note(error.line, error.sentence)
        return None
