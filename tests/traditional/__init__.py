"""Traditional Chinese, made from the simplified texts: `python -m tests.traditional` writes it all anew.

Nothing that runs converts anything: the catalogue and the handbook's texts are committed as written here.
"""
