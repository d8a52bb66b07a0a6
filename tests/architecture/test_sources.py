"""Every source file: views start from visible_to, modules are where expected, no shortcuts."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.architecture.house import OUR_APPS, ROOT, parsed, python_files, tracked_files

# --- Views and the admin start from visible_to ----------------------------------------------------

# "file: function": why it may look at rows without asking who looks.
ROWS_OF_EVERYBODY: dict[str, str] = {
    "partners/admin/contributions.py: contributions_to_confirm": "where one coordinates",
    "accounts/views.py: programmes": "the programmes of the person's own grants",
}

_MANAGERS = {"objects", "_default_manager", "_base_manager"}
_FINDERS = {"get_object_or_404", "get_list_or_404"}
_THE_USER = {"request.user", "request.user.pk", "_user(request)"}


def is_face(name: str) -> bool:
    """A module through which a person looks: views and admin, as a file or a folder."""
    parts = name.removesuffix(".py").split("/")
    return "views" in parts[1:] or "admin" in parts[1:]


def rows_of_everybody(root: Path, exempt: Mapping[str, str]) -> list[str]:
    """Places in views and admin that read rows without `visible_to`."""
    faults: list[tuple[str, int, str]] = []
    files = (path for path in python_files(root) if is_face(path.relative_to(root).as_posix()))
    for name, _, tree in parsed(files, root):
        for function, node, chain in _looks(tree):
            if "visible_to" not in chain and f"{name}: {function}" not in exempt:
                faults.append((name, node.lineno, f"{function} reads {chain[0]}"))
    return [f"{name}:{line} {what}" for name, line, what in sorted(faults)]


def _looks(tree: ast.Module) -> Iterator[tuple[str, ast.expr, list[str]]]:
    """Each use of a manager or finder: the function, the node, and the names chained from it."""
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in _MANAGERS:
            yield _function(node, parents), node, [ast.unparse(node), *_chain(node, parents)]
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in _FINDERS
            and isinstance(node.args[0], ast.Name)
            and node.args[0].id[0].isupper()
            and not _of_the_user(node)
        ):
            yield _function(node, parents), node, [f"{node.func.id}({node.args[0].id})"]


def _chain(node: ast.AST, parents: Mapping[ast.AST, ast.AST]) -> Iterator[str]:
    above = parents[node]
    while isinstance(above, ast.Attribute | ast.Call):
        if isinstance(above, ast.Attribute):
            yield above.attr
        elif node is not above.func:  # we are an argument of it, not in the chain
            return
        elif _of_the_user(above):
            yield "visible_to"  # one's own rows, fewer still
        node, above = above, parents[above]


def _of_the_user(call: ast.Call) -> bool:
    """`of(request.user)`, `filter(user=request.user)`, `get(pk=request.user.pk)` and the like."""
    alone = [call.args[0]] if len(call.args) == 1 else []
    named = [word.value for word in call.keywords if word.arg in {"user", "pk", "partner__user"}]
    return any(ast.unparse(value) in _THE_USER for value in alone + named)


def _function(node: ast.AST, parents: Mapping[ast.AST, ast.AST]) -> str:
    while node in parents:
        node = parents[node]
        if isinstance(node, ast.FunctionDef):
            return node.name
    return "(module)"


def test_views_start_from_visible_to() -> None:
    assert rows_of_everybody(ROOT, ROWS_OF_EVERYBODY) == []


def test_visible_to_lint_notices_planted_looks(tmp_path: Path) -> None:
    (tmp_path / "partners" / "admin").mkdir(parents=True)
    (tmp_path / "partners" / "views.py").write_text(
        "def good(request):\n"
        "    return Partner.objects.visible_to(request.user).get()\n"
        "def chained(request):\n"
        "    return Partner.objects.select_related('user').visible_to(request.user)\n"
        "def of_somebody(request, partner):\n"
        "    return Contribution.objects.of(partner)\n"
        "def found(request):\n"
        "    return get_object_or_404(Partner.objects.visible_to(request.user), pk=1)\n"
        "def own(request):\n"
        "    Partner.objects.filter(user=request.user).exists()\n"
        "    return Partner.objects.of(request.user).first()\n"
        "def all_of_them(request):\n"
        "    return Partner.objects.filter(pk=1)\n"
        "def shortcut(request):\n"
        "    return get_object_or_404(Partner, pk=1)\n"
        "def smuggled(request):\n"
        "    return render(Partner.objects.all(), visible_to(request.user))\n"
    )
    (tmp_path / "partners" / "admin" / "register.py").write_text(
        "def allowed(request):\n    return Partner._default_manager.count()\n"
    )

    assert rows_of_everybody(tmp_path, {}) == [
        "partners/admin/register.py:2 allowed reads Partner._default_manager",
        "partners/views.py:6 of_somebody reads Contribution.objects",
        "partners/views.py:13 all_of_them reads Partner.objects",
        "partners/views.py:15 shortcut reads get_object_or_404(Partner)",
        "partners/views.py:17 smuggled reads Partner.objects",
    ]
    assert len(rows_of_everybody(tmp_path, {"partners/views.py: shortcut": "planted"})) == 4


# --- Shortcuts -----------------------------------------------------------------------------------


# Who may change the audit itself: erasing what somebody has the right to have erased.
MAY_FORGET = {"accounts/audit.py", "partners/services/erasing.py"}


def shortcuts(root: Path) -> list[str]:
    """Ways round the audit or the import contract, and talk on standard output."""
    faults = []
    for name, text, tree in parsed(python_files(root), root):
        lines = text.splitlines()
        may_forget = name in MAY_FORGET
        for node in ast.walk(tree):
            where = f"{name}:{getattr(node, 'lineno', 0)}"
            if isinstance(node, ast.Attribute) and ast.unparse(node) == "pgtrigger.ignore":
                faults += [] if may_forget else [f"{where} switches the audit off"]
            elif isinstance(node, ast.Name | ast.alias) and "forgetting" in ast.unparse(node):
                faults += [] if may_forget else [f"{where} rewrites the audit"]
            elif isinstance(node, ast.ImportFrom) and node.module == "pgtrigger":
                faults += [
                    f"{where} switches the audit off"
                    for alias in node.names
                    if alias.name == "ignore"
                ]
            elif isinstance(node, ast.Call) and ast.unparse(node.func) == "print":
                faults.append(f"{where} prints")
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                faults += [
                    f"{name}:{inner.lineno} imports inside {node.name} and does not say why"
                    for inner in ast.walk(node)
                    if isinstance(inner, ast.Import | ast.ImportFrom)
                    and not _reasoned(lines[inner.lineno - 1])
                ]
    return sorted(set(faults))


def _reasoned(line: str) -> bool:
    """The line has a `noqa: PLC0415` with words after it."""
    _, found, reason = line.partition("# noqa: PLC0415")
    return bool(found) and len(reason.strip(" -()")) > 5


def test_no_shortcuts() -> None:
    assert shortcuts(ROOT) == []


def test_shortcuts_notices_planted_ones(tmp_path: Path) -> None:
    (tmp_path / "payments").mkdir()
    (tmp_path / "payments" / "services.py").write_text(
        "import pgtrigger\n"
        "from pgtrigger import ignore\n"
        "def pay():\n"
        "    import reminders\n"
        "    import json  # noqa: PLC0415\n"
        "    import xlsxwriter  # noqa: PLC0415 - slow, and needed once a month\n"
        "    with pgtrigger.ignore('payments.Claim:update'):\n"
        "        print('paid')\n"
        "    with forgetting(ClaimEvent):\n"
        "        ClaimEvent.objects.all().delete()\n"
    )

    assert shortcuts(tmp_path) == [
        "payments/services.py:2 switches the audit off",
        "payments/services.py:4 imports inside pay and does not say why",
        "payments/services.py:5 imports inside pay and does not say why",
        "payments/services.py:7 switches the audit off",
        "payments/services.py:8 prints",
        "payments/services.py:9 rewrites the audit",
    ]


# --- Names and sizes -----------------------------------------------------------------------------

MODULES = {
    "models",
    "querysets",
    "rules",
    "services",
    "forms",
    "filters",
    "export",
    "views",
    "urls",
    "tasks",
    "emails",
    "admin",
    "privacy",
    "retention",
    # Django's own places
    "__init__",
    "apps",
    "management",
    "migrations",
    "templatetags",
    "tests",
}
# The two leaves and the top are no business of people: their modules have names of their own.
NAMED_MODULES = {
    "accounts/access": "who a page is for: asked by the views of every app",
    "accounts/adapter": "how allauth behaves here",
    "accounts/admin_site": "the admin that every app's admin is registered with",
    "accounts/audit": "the decorator that every app's models wear",
    "accounts/current": "which programme's pages are open: asked by the views of every app",
    "accounts/middleware": "what happens to every request",
    "accounts/second_factor": "what the second step of signing in asks of whom",
    "accounts/sessions": "the engine that SESSION_ENGINE names",
    "observations/words": "how a clinic is spoken of, on pages and in messages alike",
    "assignments/words": "how a meeting is spoken of, on pages and in messages alike",
    "observations/statistics": "pure functions on plain numbers, without Django",
}


def misplaced(root: Path, named: Mapping[str, str]) -> list[str]:
    """Modules of an app whose name no reader would look for."""
    apps = [app for app in OUR_APPS if app not in {"pcp_portal", "nhsuk", "workflow"}]
    found = {
        f"{app}/{path.stem}"
        for app in apps
        for path in (root / app).glob("*")
        if path.suffix == ".py" or (path.is_dir() and any(path.glob("**/*.py")))
    }
    faults = [name for name in found if name.split("/")[1] not in MODULES and name not in named]
    return sorted(faults) + sorted(
        f"{name} is named, and is not there" for name in set(named) - found
    )


def test_modules_are_where_a_reader_expects_them() -> None:
    assert misplaced(ROOT, NAMED_MODULES) == []


def test_modules_notices_a_planted_junk_drawer(tmp_path: Path) -> None:
    for name in ("models.py", "utils.py", "helpers/__init__.py"):
        path = tmp_path / "partners" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()

    assert misplaced(tmp_path, {}) == ["partners/helpers", "partners/utils"]
    assert misplaced(
        tmp_path, {"partners/helpers": "", "partners/utils": "", "partners/x": ""}
    ) == ["partners/x is named, and is not there"]


LONGEST = 440  # "about 400": past this a module becomes a folder
LONG_FOR_A_REASON = {
    "package-lock.json": "written by npm",
    "ops/supervisor.py": "one program, read from top to bottom",
}


def too_long(files: list[Path], root: Path, exempt: Mapping[str, str]) -> list[str]:
    """Files that people write and that no longer fit into a head."""
    faults = []
    for path in files:
        name = path.relative_to(root).as_posix()
        if path.suffix not in {".py", ".html", ".scss", ".js", ".txt", ".toml", ".json", ""}:
            continue
        if "/migrations/" in name or name in exempt or "/data/" in name:
            continue
        lines = path.read_bytes().count(b"\n")
        if lines > LONGEST:
            faults.append(f"{name} has {lines} lines")
    return faults


def test_files_are_short() -> None:
    assert too_long(tracked_files(), ROOT, LONG_FOR_A_REASON) == []


def test_length_notices_a_planted_file(tmp_path: Path) -> None:
    (tmp_path / "long.py").write_text("\n" * (LONGEST + 1))
    (tmp_path / "short.py").write_text("\n" * LONGEST)

    files = [tmp_path / "long.py", tmp_path / "short.py"]

    assert too_long(files, tmp_path, {}) == [f"long.py has {LONGEST + 1} lines"]
    assert too_long(files, tmp_path, {"long.py": "planted"}) == []


@pytest.mark.parametrize("app", OUR_APPS)
def test_every_app_is_looked_at(app: str) -> None:
    assert list(python_files(ROOT)), "no source files found: the guards above look at nothing"
    assert (ROOT / app).is_dir()
