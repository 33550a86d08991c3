"""Pages of this room."""

from django.urls import URLPattern, URLResolver, path

from tongqu.functions.http.pages import functions, gaps, swimlanes, systems

app_name = "functions"
F, S, L = "manage/functions/", "manage/systems/", "manage/swimlanes/"
urlpatterns: list[URLPattern | URLResolver] = [
    path(F, functions.listing, name="functions"),
    path(f"{F}new/", functions.new, name="function_new"),
    path(f"{F}export.xlsx", functions.export, name="functions_export"),
    path(f"{F}import/", functions.take_sheet, name="functions_import"),
    path(f"{F}matrix/", functions.matrix, name="matrix"),
    path(f"{F}progress/", functions.progress, name="progress"),
    path(f"{F}gaps/", gaps.gaps, name="gaps"),
    path(f"{F}materials/", gaps.material_list, name="materials"),
    path(f"{F}materials/<slug:code>/", gaps.material, name="material"),
    path(f"{F}moves/<slug:code>/", gaps.move, name="move"),
    path(f"{F}<slug:code>/", functions.function, name="function"),
    path(S, systems.listing, name="systems"),
    path(f"{S}new/", systems.new, name="system_new"),
    path(f"{S}board/", systems.board, name="board"),
    path(f"{S}export.xlsx", systems.export, name="systems_export"),
    path(f"{S}import/", systems.take_sheet, name="systems_import"),
    path(f"{S}<slug:code>/", systems.system, name="system"),
    path(L, swimlanes.listing, name="swimlanes"),
    path(f"{L}new/", swimlanes.new, name="swimlane_new"),
    path(f"{L}<slug:code>/", swimlanes.swimlane_page, name="swimlane"),
    path(f"{L}<slug:code>/chart.bpmn", swimlanes.bpmn_file, name="bpmn"),
]
