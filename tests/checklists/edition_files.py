"""A sound edition as YAML files, and what a folder says when it is not."""

from pathlib import Path

import pytest

from checklists.edition_loading import Fault, StandardsError, load_edition

HEAD = """\
number: "7"
language: zh-Hans
translations: [en]
title: {zh-Hans: 手册, en: Handbook}
roles:
  - {code: lobby_manager, name: {zh-Hans: 大堂经理, en: Lobby manager}}
  - {code: teller, name: {zh-Hans: 柜员, en: Teller}}
  - {code: branch_head, name: {zh-Hans: 网点负责人, en: Branch head}}
flows: [F1, F2, E1]
"""

F1 = """\
code: F1
name: {zh-Hans: 迎客, en: Welcome}
description: {zh-Hans: 迎接客户。, en: Customers are welcomed.}
key_points:
  - {zh-Hans: 热情。, en: Warmly.}
lead: lobby_manager
lead_provenance: derived
performs: [lobby_manager, teller]
situations:
  - number: 1
    name: {zh-Hans: 问候, en: Greeting}
    cue: {zh-Hans: 客户进门。, en: A customer comes in.}
    provenance: source
    occasion: wait
    needs_account: true
    key_points:
      - {zh-Hans: 热情。, en: Warmly.}
    instructions:
      mystery: {zh-Hans: 走进门。, en: Walk in.}
      open: {zh-Hans: 看门口。, en: Watch the door.}
    excludes: [3]
    clauses:
      - code: S01.A1
        kind: action
        text: {zh-Hans: 看着客户, en: Looks at the customer}
        question: {zh-Hans: 看着客户, en: Looked at the customer}
        guidance: {zh-Hans: 看一眼，算部分达标。, en: One glance is partly met.}
        shortfalls:
          - {zh-Hans: 看别处, en: Looked elsewhere}
        counts_people: true
      - code: S01.P1
        kind: phrase
        text: {zh-Hans: 说“您好”, en: Says “Hello”}
        question: {zh-Hans: 说了什么？, en: What was said?}
        wordings:
          - {zh-Hans: 您好！, en: Hello!}
        elements:
          - {zh-Hans: 您好, en: Hello}
        modes: [mystery, open, phone]
        provenance: derived
      - code: S01.D1
        kind: delivery
        text: {zh-Hans: 声音亲切, en: Friendly voice}
        question: {zh-Hans: 声音亲切, en: The voice was friendly}
  - number: 2
    name: {zh-Hans: 引导, en: Showing the way}
    cue: {zh-Hans: 客户要去柜台。, en: A customer wants a counter.}
    provenance: derived
    lead: teller
    lead_provenance: source
    leads_with: [lobby_manager]
    manages: [branch_head]
    performs: [teller]
    occasion: always
    clauses:
      - code: S02.A2
        kind: action
        text: {zh-Hans: 走在前面, en: Walks ahead}
        question: {zh-Hans: 走在前面, en: Walked ahead}
"""

F2 = """\
code: F2
name: {zh-Hans: 告别, en: Farewell}
description: {zh-Hans: 送走客户。, en: Customers are seen off.}
lead: teller
performs: [teller]
situations:
  - number: 3
    name: {zh-Hans: 告别, en: Farewell}
    cue: {zh-Hans: 客户离开。, en: A customer leaves.}
    provenance: derived
    occasion: transaction
    clauses:
      - code: S03.A1
        kind: action
        text: {zh-Hans: 起身, en: Stands up}
        question: {zh-Hans: 起身, en: Stood up}
"""

E1 = """\
code: E1
name: {zh-Hans: 环境, en: Premises}
description: {zh-Hans: 网点的样子。, en: What the branch looks like.}
standing: true
lead: branch_head
performs: [branch_head]
situations:
  - number: 901
    name: {zh-Hans: 门外, en: Outside}
    cue: {zh-Hans: 到门口。, en: At the door.}
    provenance: derived
    occasion: always
    clauses:
      - code: E01.C1
        kind: condition
        text: {zh-Hans: 地面干净, en: Clean floor}
        question: {zh-Hans: 地面干净, en: The floor was clean}
"""

ROLES = "lobby_manager, teller, branch_head"
SOUND = {"edition.yaml": HEAD, "F1.yaml": F1, "F2.yaml": F2, "E1.yaml": E1}


def write(folder: Path, files: dict[str, str]) -> Path:
    """Write an edition's files into a folder."""
    for name, written in files.items():
        (folder / name).write_text(written, encoding="utf-8")
    return folder


def faults_of(folder: Path) -> tuple[Fault, ...]:
    """Return the faults of a folder that holds no sound edition."""
    with pytest.raises(StandardsError) as caught:
        load_edition(folder)
    return caught.value.faults
