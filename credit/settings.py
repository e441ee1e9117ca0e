"""Every setting: read once from the environment at an entry point, passed down, read nowhere else."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError

from credit.errors import SettingInvalid

PREFIX: Final = "CREDIT_"
SWITCHES: Final = {
    "1": True,
    "true": True,
    "yes": True,
    "on": True,
    "0": False,
    "false": False,
    "no": False,
    "off": False,
}


def _switch(value: object) -> object:
    """Read a switch as people write it; anything else is refused by the type."""
    return SWITCHES.get(value.strip().lower(), value) if isinstance(value, str) else value


Switch = Annotated[bool, BeforeValidator(_switch)]


class Settings(BaseModel):
    """What an operator may set; ``CREDIT_`` and the field's name in capitals is the variable."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    data: Path = Field(
        default=Path("data"),
        description="数据目录（密钥、首个 API 密钥、内置图数据库） · directory of keys, first API key, embedded graph",
    )
    host: str = Field(default="127.0.0.1", min_length=1, description="API 监听地址 · address that the API listens on")
    port: int = Field(default=8000, ge=0, le=65535, description="API 端口 · port of the API")
    workers: int = Field(default=1, ge=1, le=64, description="API 进程数 · processes of the API")
    graph_uri: str = Field(
        default="", description="图数据库地址（bolt:// 或 neo4j://），空为内置 · address of the graph, empty: embedded"
    )
    graph_user: str = Field(default="neo4j", description="图数据库用户 · user of the graph")
    graph_password: SecretStr = Field(default=SecretStr(""), description="图数据库口令 · password of the graph")
    graph_password_file: Path | None = Field(
        default=None, description="存放图数据库口令的文件，优先于口令本身 · file with that password, wins over it"
    )
    graph_database: str = Field(default="neo4j", description="图数据库名 · database of the graph")
    graph_memory: str = Field(
        default="1g", pattern=r"^[1-9]\d*[mg]$", description="内置图数据库的内存上限 · heap of the embedded graph"
    )
    redis_url: str = Field(
        default="",
        description="Redis 地址：共享限额，Neo4j 下另作缓存；空：各进程自计限额，Neo4j 不缓存"
        " · Redis: shared limits, and the cache on Neo4j; empty: limits by process, no cache on Neo4j",
    )
    redis_ca: Path | None = Field(
        default=None,
        description="签发 Redis 证书的 CA 文件（rediss://） · file of the CA of Redis' certificate",
    )
    quick_at_once: int = Field(
        default=3, ge=1, le=1024, description="每进程同时处理的快速查询数 · quick look-ups served at once, a process"
    )
    heavy_at_once: int = Field(
        default=2,
        ge=1,
        le=1024,
        description="每进程同时处理的核查、批量、长名单与写入数 · checks, batches, long lists, writes at once",
    )
    connections: int = Field(
        default=1024, ge=16, le=65536, description="每进程的连接数上限 · open connections at most, a process"
    )
    drain_seconds: float = Field(
        default=0, ge=0, le=300, description="收到 SIGTERM 后继续服务的秒数 · seconds served on after SIGTERM"
    )
    cache: Switch = Field(default=True, description="快速查询使用事实缓存 · keep facts for the quick look-up")
    cache_parties: int = Field(
        default=20_000, ge=1, description="每进程缓存的主体数上限 · parties whose facts a process keeps"
    )
    rules: Path | None = Field(
        default=None, description="叠加在内置规则目录之上的规则文件 · rule file laid over the built-in catalogue"
    )
    max_age_hours: float = Field(
        default=72,
        gt=0,
        le=8784,
        description="名单同步的有效小时数 · hours for which a list's sync is fresh",
    )
    fetch_max_mib: int = Field(
        default=2048,
        ge=1,
        le=1 << 20,
        description="从网址获取来源的大小上限（MiB，传输、解压后各计） · MiB fetched of a source, sent or unpacked",
    )
    fetch_seconds: float = Field(
        default=3600,
        gt=0,
        le=86_400,
        description="从网址获取来源的总时限（秒） · seconds for fetching a source, in all",
    )
    metrics_public: Switch = Field(
        default=False, description="允许非本机读取 /metrics · let others than loopback read /metrics"
    )
    log_level: str = Field(
        default="info", pattern=r"^(debug|info|warning|error)$", description="日志级别 · least level that is logged"
    )

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Self:
        """Read the ``CREDIT_`` variables that are settings; an empty one counts as left out.

        Others of that prefix belong to tools around us.

        Raises:
            SettingInvalid: a value is not of its form; names the variable, never the value.
        """
        found = {name: value for name in cls.model_fields if (value := environ.get(variable_of(name)))}
        try:
            return cls.model_validate(found)
        except ValidationError as error:
            told = "；".join(f"{variable_of(str(e['loc'][0]))}: {e['msg']}" for e in error.errors(include_input=False))
            raise SettingInvalid(f"环境变量有误：{told}", f"Wrong settings in the environment: {told}") from error

    def password(self) -> str:
        """Return the graph's password, from its file where one is named.

        Raises:
            SettingInvalid: the file cannot be read.
        """
        if self.graph_password_file is None:
            return self.graph_password.get_secret_value()
        try:
            return self.graph_password_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingInvalid(
                f"无法读取口令文件 {self.graph_password_file}（CREDIT_GRAPH_PASSWORD_FILE）。",
                f"The password file {self.graph_password_file} cannot be read (CREDIT_GRAPH_PASSWORD_FILE)",
            ) from error


def variable_of(name: str) -> str:
    """Name the variable of a setting.

    >>> variable_of("graph_uri")
    'CREDIT_GRAPH_URI'
    """
    return PREFIX + name.upper()
