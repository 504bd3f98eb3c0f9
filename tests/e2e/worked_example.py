"""The table that the window opens on, written out."""

from tests.e2e.desk import Row

# As it is copied: the shortest text, so 0.1 and not 0.100000001.
ARTICLE = {
    "<unk>": Row(0, ("0", "0", "0")),
    "<pad>": Row(1, ("0", "0", "0")),
    "code": Row(2, ("0.2", "0.9", "0.3")),
    "you": Row(3, ("0.1", "0.5", "0.7")),
    "know": Row(4, ("0.2", "0.1", "0.8")),
    "to": Row(5, ("0.4", "0.1", "0.1")),
    "need": Row(6, ("0.1", "0.8", "0.9")),
    "how": Row(7, ("0.6", "0.1", "0.1")),
}
