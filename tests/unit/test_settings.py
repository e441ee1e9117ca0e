"""Settings: read from the environment, checked, never shown where they are secret."""

from pathlib import Path

import pytest

from credit.errors import SettingInvalid
from credit.settings import Settings, variable_of


def test_without_variables_the_graph_is_embedded_and_the_api_local() -> None:
    settings = Settings.from_env({})
    assert (settings.graph_uri, settings.host, settings.port, settings.max_age_hours) == ("", "127.0.0.1", 8000, 72)
    assert settings.metrics_public is False


def test_variables_are_read() -> None:
    settings = Settings.from_env({"CREDIT_DATA": "/srv/credit", "CREDIT_PORT": "8123", "CREDIT_METRICS_PUBLIC": "yes"})
    assert (settings.data, settings.port, settings.metrics_public) == (Path("/srv/credit"), 8123, True)


def test_an_empty_variable_counts_as_left_out() -> None:
    assert Settings.from_env({"CREDIT_PORT": "", "CREDIT_RULES": ""}) == Settings()


def test_variables_of_others_are_left_alone() -> None:
    assert Settings.from_env({"PORT": "1", "CREDIT_BIND": "0.0.0.0"}) == Settings()  # noqa: S104  # a value, no binding


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("CREDIT_PORT", "65536"),
        ("CREDIT_WORKERS", "99"),
        ("CREDIT_MAX_AGE_HOURS", "-7"),
        ("CREDIT_GRAPH_MEMORY", "lots"),
        ("CREDIT_METRICS_PUBLIC", "perhaps"),
        ("CREDIT_LOG_LEVEL", "loud"),
    ],
)
def test_a_wrong_value_names_its_variable_and_not_itself(variable: str, value: str) -> None:
    with pytest.raises(SettingInvalid) as raised:
        Settings.from_env({variable: value})
    assert variable in str(raised.value)
    assert value not in str(raised.value).replace(variable, "")


def test_the_password_is_read_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("from the file\n")
    settings = Settings.from_env({"CREDIT_GRAPH_PASSWORD": "plain", "CREDIT_GRAPH_PASSWORD_FILE": str(file)})
    assert settings.password() == "from the file"


def test_a_password_file_that_is_missing_is_told(tmp_path: Path) -> None:
    settings = Settings.from_env({"CREDIT_GRAPH_PASSWORD_FILE": str(tmp_path / "none")})
    with pytest.raises(SettingInvalid, match="CREDIT_GRAPH_PASSWORD_FILE"):
        settings.password()


def test_the_password_is_not_shown() -> None:
    settings = Settings.from_env({"CREDIT_GRAPH_PASSWORD": "open sesame"})
    assert "sesame" not in f"{settings!r} {settings} {settings.model_dump_json()}"
    assert settings.password() == "open sesame"


def test_every_setting_is_described_in_two_languages() -> None:
    for name, field in Settings.model_fields.items():
        zh, _, en = (field.description or "").partition(" · ")
        assert any(ord(sign) > 0x4E00 for sign in zh), variable_of(name)
        assert en.isascii(), variable_of(name)
        assert en, variable_of(name)
