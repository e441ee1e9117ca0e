"""Which hash key a registry belongs to: persons are found by hashes made with it, and by no other.

With another key nobody would be found by number any more: whoever is barred would be taken for somebody new.
"""

from pathlib import Path

from credit.errors import KeyFileUnusable
from credit.keys.files import FileHasher


def awaited(data: Path, mark: str | None) -> str:
    """Return the mark of the hash key that a registry to be restored belongs to, whose key may still be on its way.

    Until it is below ``data`` nobody can open the registry; one that another key is there for is not restored at all.

    Raises: KeyFileUnusable, as of `fitting`; a missing key where ``mark`` does not say which it is.
    """
    return mark if mark is not None and FileHasher.held(data) is None else fitting(data, mark)


def fitting(data: Path, mark: str | None) -> str:
    """Return the mark of the hash key below ``data``, if a registry belongs to it; make none.

    ``mark`` is of the key that the registry belongs to; None: that is not known, and any key will do that is there.

    Raises:
        KeyFileUnusable: there is no key, or another one, or it is damaged or open to others.
    """
    held = FileHasher.held(data)
    if held is None:
        raise KeyFileUnusable(
            f"{data / 'keys'} 中没有该登记库的摘要密钥，未写入任何内容：缺了它，按证件号码查不到已登记的人。"
            "请先执行 credit keys import FILE，导入 credit keys export 所存的密钥。",
            f"{data / 'keys'} lacks the registry's hash key, without which nobody held is found by number. Nothing was "
            "written. First run `credit keys import FILE` with what `credit keys export` has saved",
        )
    if mark not in {None, held.mark}:
        raise KeyFileUnusable(
            f"{data / 'keys' / 'hash-key'} 不是该登记库的摘要密钥，未写入任何内容：用它按证件号码查不到已登记的人。"
            "请另指定从未启动过的数据目录，并先执行 credit keys import FILE 导入该库的密钥。",
            f"{data / 'keys' / 'hash-key'} is not the registry's hash key: by it nobody held is found by number. "
            "Nothing was written. Name a data directory that was never started, and first run `credit keys import "
            "FILE` with that registry's keys",
        )
    return held.mark
