"""Pages of this room. A standard's code may hold slashes, so its address comes last."""

from django.urls import URLPattern, URLResolver, path

from tongqu.standards.http.pages import codes, elements, library, messages, rules

app_name = "standards"
ROOT = "manage/standards/"
TABLES, ELEMENTS = f"{ROOT}code-tables/", f"{ROOT}elements/"
urlpatterns: list[URLPattern | URLResolver] = [
    path(ROOT, library.library, name="library"),
    path(f"{ROOT}new/", library.propose, name="propose"),
    path(f"{ROOT}rules/", rules.rules, name="rules"),
    path(f"{ROOT}rules/new/", rules.new, name="rule_new"),
    path(TABLES, codes.code_tables, name="code_tables"),
    path(f"{TABLES}new/", codes.edit, name="code_table_new"),
    path(f"{TABLES}<str:name>/", codes.code_table, name="code_table"),
    path(f"{TABLES}<str:name>/edit/", codes.edit, name="code_table_edit"),
    path(f"{TABLES}<str:name>/file/", codes.file, name="code_table_file"),
    path(f"{ROOT}crosswalks/new/", codes.crosswalk_new, name="crosswalk_new"),
    path(f"{ROOT}crosswalks/<str:source>/<str:target>/", codes.crosswalk, name="crosswalk"),
    path(ELEMENTS, elements.elements, name="elements"),
    path(f"{ELEMENTS}new/", elements.edit, name="element_new"),
    path(f"{ELEMENTS}<str:code>/", elements.element, name="element"),
    path(f"{ELEMENTS}<str:code>/edit/", elements.edit, name="element_edit"),
    path(f"{ROOT}messages/", messages.messages, name="messages"),
    path(f"{ROOT}messages/<str:code>/", messages.message, name="message"),
    path(f"{ROOT}<path:code>/", library.standard, name="standard"),
]
