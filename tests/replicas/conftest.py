"""Servers in this process, of little patience and of much."""

from collections.abc import AsyncGenerator

import pytest

from tests.replicas.listening import Hasty, Patient, Served, listening


@pytest.fixture
async def served() -> AsyncGenerator[Served]:
    async with listening(Hasty) as started:
        yield started


@pytest.fixture
async def patient() -> AsyncGenerator[Served]:
    async with listening(Patient) as started:
        yield started
