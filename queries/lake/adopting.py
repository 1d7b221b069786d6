"""A folder's versions taken into a lake as they are, and everything in a lake read again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from queries.lake import objects
from queries.lake.store import LakeStore
from queries.versions import BrokenVersion, Store


@dataclass(frozen=True)
class Adopted:
    """Numbers of the versions that were taken in and of those that were there, and why others could not be."""

    taken: tuple[int, ...]
    known: tuple[int, ...]
    broken: tuple[str, ...]


def adopt(lake: LakeStore, folder: Store) -> Adopted:
    """Take every whole version of a folder into a lake, oldest first, under its number and with its very manifest.

    In S3 each file is put once; in a folder on the same disk it gets one more name. Can be broken off and begun again.
    Raises BrokenVersion when the lake has another version under a number of the folder.
    """
    taken, known, broken = [], [], []
    lake.create()
    there = set(lake.known())
    for version in folder.numbers():
        if version in there:
            _hold_to_the_same(lake, folder, version)
            known.append(version)
        elif reason := _not_taken(lake, folder, version):
            broken.append(reason)
        else:
            taken.append(version)
    return Adopted(tuple(taken), tuple(known), tuple(broken))


def _not_taken(lake: LakeStore, folder: Store, version: int) -> str:
    """Take one version in; why not, or an empty text."""
    try:
        manifest = folder.whole(version).manifest
        if manifest.original is not None:
            folder.verified("originals", manifest.original.sha256[:12], manifest.original.sha256)
    except BrokenVersion as fault:
        return f"Version {version} togs inte in: {fault}"
    lake.take(manifest, folder)
    return ""


def _hold_to_the_same(lake: LakeStore, folder: Store, version: int) -> None:
    if lake.manifest(version) != folder.manifest(version):
        raise BrokenVersion(
            f"Sjön har en annan version {version} än mappen. Ge mappens uppgifter en egen sjö."
        )


def faults(lake: LakeStore) -> Iterator[str]:
    """Swedish sentences about what is wrong with the lake's files, each of which is read again, also the hidden ones."""
    read: set[str] = set()
    with lake.cursor() as reader:
        for version in lake.numbers():
            try:
                manifest = lake.manifest(version)
            except BrokenVersion as fault:
                yield f"Version {version}: {fault}"
                continue
            for each in objects.files_of(lake.address, manifest):
                if each.place not in read:
                    read.add(each.place)
                    try:
                        objects.verify(reader, each.place, each.sha256)
                    except BrokenVersion as fault:
                        yield f"Version {version}: {fault}"
