"""Test the cache of a process, and the entries that it drops first."""

from dataclasses import dataclass

from core.caching.lru import Memory


@dataclass
class Thing:
    """A value of `size` bytes."""

    size: int


def test_the_least_recently_used_goes_first() -> None:
    memory = Memory[Thing](100)
    things = {name: Thing(40) for name in "abc"}
    memory.put("a", things["a"])
    memory.put("b", things["b"])
    assert memory.get("a") is things["a"]
    memory.put("c", things["c"])
    assert memory.get("b") is None
    assert (memory.get("a"), memory.get("c")) == (things["a"], things["c"])


def test_a_value_is_measured_again_when_it_is_put_again() -> None:
    memory = Memory[Thing](100)
    growing = Thing(40)
    memory.put("a", Thing(40))
    memory.put("b", growing)
    growing.size = 90
    memory.put("b", growing)
    assert memory.get("a") is None
    assert memory.get("b") is growing


def test_what_is_above_the_limit_is_not_values_and_nor_is_what_it_replaces() -> None:
    memory = Memory[Thing](100)
    memory.put("a", Thing(40))
    memory.put("b", Thing(40))
    memory.put("b", Thing(101))
    assert memory.get("a") is not None
    assert memory.get("b") is None


def test_what_is_forgotten_leaves_its_room() -> None:
    memory = Memory[Thing](100)
    for name in "ab":
        memory.put(name, Thing(50))
    memory.forget("a")
    memory.forget("never there")
    memory.put("c", Thing(50))
    assert memory.get("b") is not None
    memory.clear()
    assert memory.get("b") is None
