"""Settings: one process and SQLite by default, a province by environment variables alone."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

PACKAGE = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("TONGQU_HOME", "var")).resolve()
HOME.mkdir(mode=0o700, parents=True, exist_ok=True)  # data and keys: nobody else's to read

DEBUG = os.environ.get("TONGQU_DEBUG") == "1"
IS_DEMO = os.environ.get("TONGQU_DEMO") == "1"  # demo accounts on the log-in page, 示例 marks
ALLOWED_HOSTS = os.environ.get("TONGQU_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(",")
BASE_URL = os.environ.get("TONGQU_BASE_URL", "http://127.0.0.1:8000")
CSRF_TRUSTED_ORIGINS = [BASE_URL]


def _kept_secret(name: str) -> str:
    """Return a secret made once per installation and kept beside its data."""
    path = HOME / name
    if not path.exists():
        try:
            descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError:
            pass  # another process was first: its secret is ours too
        else:
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(48))
    return path.read_text()


SECRET_KEY = os.environ.get("TONGQU_SECRET_KEY") or _kept_secret("secret.key")


def _database(url: str) -> dict[str, object]:
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(HOME / "tongqu.db"),
            "OPTIONS": {
                "timeout": 30,
                "transaction_mode": "IMMEDIATE",
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
                    "PRAGMA foreign_keys=ON; PRAGMA cache_size=-32000;"
                ),
            },
            "TEST": {"NAME": str(HOME / "test.db")},
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ValueError("DATABASE_URL must begin with postgresql://")
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": query,
    }


DATABASE_URL = os.environ.get("DATABASE_URL", "")
DATABASES = {"default": _database(DATABASE_URL)}

# The lake: tables and files. The Iceberg catalogue is a database of its own on SQLite, since
# two connections writing one SQLite file inside one request would wait for each other.
LAKE: dict[str, Any] = {
    "WAREHOUSE": os.environ.get("TONGQU_WAREHOUSE", str(HOME / "lake")),
    "FOLDER": str(HOME / "lake"),  # what stays on this machine when the warehouse is s3://
    "S3_ENDPOINT": os.environ.get("TONGQU_S3_ENDPOINT", ""),  # empty: Amazon's own
    "S3_REGION": os.environ.get("AWS_REGION") or "us-east-1",  # keys: read by the S3 client
    "CATALOG_URI": os.environ.get("TONGQU_LAKE_CATALOG", ""),  # empty: derived, see lake adapters
    "CATALOG_NAME": os.environ.get("TONGQU_LAKE_NAME", "tongqu"),  # several lakes, one database
    "THREADS": int(os.environ.get("TONGQU_THREADS", "0")) or (os.cpu_count() or 2),
    "MEMORY_MB": int(os.environ.get("TONGQU_MEMORY_MB", "2048")),
    "QUERY_SECONDS": int(os.environ.get("TONGQU_QUERY_SECONDS", "600")),
    # Upkeep: files are made about this large, once so many are small; snapshots stay so long.
    "TARGET_MB": int(os.environ.get("TONGQU_TARGET_MB", "256")),
    "LEAST_FILES": int(os.environ.get("TONGQU_LEAST_FILES", "8")),
    "SNAPSHOT_DAYS": int(os.environ.get("TONGQU_SNAPSHOT_DAYS", "30")),
    "ENGINE": os.environ.get("TONGQU_ENGINE", "duckdb"),  # of models and scans: duckdb or spark
    "SPARK_REMOTE": os.environ.get("TONGQU_SPARK_REMOTE", ""),  # sc://host:port, for spark
}
# Another place: a folder or s3://bucket/path; empty: no backups. A drill on PostgreSQL makes a
# database of its own on this server and drops it.
BACKUP = os.environ.get("TONGQU_BACKUP", "")
DRILL_DATABASE_URL = os.environ.get("TONGQU_DRILL_DATABASE_URL") or DATABASE_URL
# OpenLineage events of loads and models. URL: where they go, https://… or file:///…; empty: off.
OPENLINEAGE: dict[str, str] = {
    "URL": os.environ.get("TONGQU_OPENLINEAGE_URL", ""),
    "TOKEN": os.environ.get("TONGQU_OPENLINEAGE_TOKEN", ""),
    "NAMESPACE": os.environ.get("TONGQU_OPENLINEAGE_NAMESPACE", "tongqu"),
    "PRODUCER": os.environ.get("TONGQU_OPENLINEAGE_PRODUCER", "urn:tongqu"),
}
# Limits of one ad-hoc query, and how many of them a person may have at once.
ADHOC: dict[str, int] = {
    "ROWS": int(os.environ.get("TONGQU_ADHOC_ROWS", "1000")),
    "SECONDS": int(os.environ.get("TONGQU_ADHOC_SECONDS", "30")),
    "BYTES": int(os.environ.get("TONGQU_ADHOC_BYTES", str(2 << 30))),
    "MEMORY_MB": int(os.environ.get("TONGQU_ADHOC_MEMORY_MB", "512")),
    "AT_ONCE": int(os.environ.get("TONGQU_ADHOC_AT_ONCE", "2")),
}
# The catalogue's search index on this node: a projection of the database, rebuilt when lost.
# IN_TRANSACTION: index what an open transaction sees; only the tests' own play is like that.
SEARCH: dict[str, Any] = {"FOLDER": str(HOME / "search"), "IN_TRANSACTION": False}
LANDING = HOME / "landing"  # files as they came in, before a load
EXPORTS = HOME / "exports"  # prepared downloads
ASSETS = HOME / "assets"  # documents and media, under the address of their content
KEYS = HOME / "keys"  # signing keys of this hub
IDENTIFIER_RULE = os.environ.get("TONGQU_IDENTIFIER_RULE", "")  # a key of catalog's code rules
HUB_DIVISION = os.environ.get("TONGQU_DIVISION", "")  # six digits; empty: the managing office's
AUDIT_ANCHOR_CRON = os.environ.get("TONGQU_ANCHOR_CRON", "17 1 * * *")  # when heads are signed


def _kept_signing_key(name: str) -> str:
    """Return the RSA key that signs identity documents, made once per installation."""
    path = KEYS / name
    if not path.exists():
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import rsa

        pem = rsa.generate_private_key(public_exponent=65537, key_size=3072).private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        KEYS.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = KEYS / f"{name}.{os.getpid()}"
        descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
        try:
            os.link(draft, path)  # whole or not at all, and the first process wins
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()


INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django_htmx",
    "ninja",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.idp.oidc",
    "django_q",
    "tongqu.policy",
    "tongqu.audit",
    "tongqu.identity",
    "tongqu.security",
    "tongqu.standards",
    "tongqu.catalog",
    "tongqu.functions",
    "tongqu.lake",
    "tongqu.ingest",
    "tongqu.quality",
    "tongqu.delivery",
    "tongqu.assets",
    "tongqu.masters",
    "tongqu.sharing",
    "tongqu.opening",
    "tongqu.products",
    "tongqu.onesource",
    "tongqu.ledger",
    "tongqu.supervision",
    "tongqu.portal",
    "tongqu.project",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "tongqu.portal.http.middleware.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tongqu.identity.http.middleware.WhoActs",
    "tongqu.audit.http.middleware.RecordCalls",
    "django_htmx.middleware.HtmxMiddleware",
    "tongqu.project.problems.ProblemPages",
]

ROOT_URLCONF = "tongqu.project.urls"
WSGI_APPLICATION = "tongqu.project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Before allauth's own templates of the same names.
        "DIRS": [PACKAGE / "identity" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tongqu.portal.http.context.frame",
            ],
            "builtins": ["tongqu.portal.templatetags.tongqu"],
        },
    }
]

AUTH_USER_MODEL = "identity.Person"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_ADAPTER = "tongqu.identity.http.accounts.ClosedSignup"
ACCOUNT_FORMS = {"login": "tongqu.identity.http.login_form.LoginForm"}
ACCOUNT_SESSION_REMEMBER = False  # the desk's computer is shared: the session ends with it
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nobody makes the hub write to a stranger
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]

# Tokens for API clients: POST /identity/o/api/token with grant_type=client_credentials.
IDP_OIDC_PRIVATE_KEY = os.environ.get("TONGQU_OIDC_KEY") or _kept_signing_key("oidc.pem")
IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN = 3600
IDP_OIDC_AUTH_METHODS = ["client_secret_basic", "client_secret_post"]
IDP_OIDC_RATE_LIMITS = {"device_user_code": "5/m/ip"}

SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
IS_HTTPS = BASE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_HSTS_SECONDS = 31536000 if IS_HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
CSRF_FAILURE_VIEW = "tongqu.portal.http.pages.csrf_failure"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATIC_ROOT.mkdir(exist_ok=True)  # empty unless somebody collects: the finders serve the rest
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# Encryption in transit by this process itself; empty: a proxy in front does it.
TLS_CERTIFICATE = os.environ.get("TONGQU_TLS_CERTIFICATE", "")
TLS_KEY = os.environ.get("TONGQU_TLS_KEY", "")
TLS_PEERS = os.environ.get("TONGQU_TLS_PEERS", "")  # authority of other hubs' certificates

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_TEMP_DIR = None
UPLOAD_MAX = int(os.environ.get("TONGQU_UPLOAD_MB", "8192")) << 20  # a provider's file
# Where a database scan may go: hosts (db.example, 10.1.2.3:5432) and folders of SQLite files.
SCAN_ALLOWED = tuple(
    part.strip() for part in os.environ.get("TONGQU_SCAN_ALLOWED", "").split(",") if part.strip()
)
FILE_UPLOAD_HANDLERS = [
    "tongqu.ingest.http.uploads.LimitedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

Q_CLUSTER = {
    "name": "tongqu",
    "orm": "default",
    "workers": int(os.environ.get("TONGQU_WORKERS", "1")),
    "timeout": 3600,
    "retry": 3700,
    "poll": 1,
    "catch_up": False,
    "max_attempts": 5,
    "save_limit": 1000,
    "label": "通衢作业",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    # A refused request is no news here: the trail holds it with its reason.
    # The clients' own lines hold addresses and headers, and with them keys and passwords: they stay
    # silent even where the operators turn the rest up.
    "loggers": {
        "django.request": {"level": "ERROR"},
        **{
            name: {"level": "CRITICAL"}
            for name in ("httpx", "httpcore", "asyncssh", "paho", "pymysql", "oracledb")
        },
    },
    "root": {"handlers": ["console"], "level": os.environ.get("TONGQU_LOG", "WARNING")},
}
