"""Pages of quality."""

from django.urls import path

from tongqu.quality.http import (
    case_pages,
    follow_pages,
    hardship_pages,
    pages,
    rule_pages,
    score_pages,
    ticket_pages,
)

app_name = "quality"
ISSUES = "manage/quality/issues/"
urlpatterns = [
    path("manage/quality/", pages.overview, name="overview"),
    path("manage/quality/issues/", ticket_pages.issues, name="issues"),
    path("manage/quality/issues/new/", ticket_pages.new, name="issue_new"),
    path("manage/quality/issues/<str:number>/", ticket_pages.issue, name="issue"),
    path(f"{ISSUES}<str:number>/rows.csv", ticket_pages.issue_csv, name="issue_csv"),
    path(f"{ISSUES}<str:number>/rows.xlsx", ticket_pages.issue_xlsx, name="issue_xlsx"),
    path("manage/quality/checks/", case_pages.check_list, name="checks"),
    path("manage/quality/checks/new/", case_pages.check_new, name="check_new"),
    path("manage/quality/checks/<str:number>/", case_pages.check, name="check"),
    path("manage/quality/objections/", case_pages.objection_list, name="objections"),
    path("manage/quality/objections/<str:number>/", case_pages.objection, name="objection"),
    path("manage/quality/register/", hardship_pages.register, name="register"),
    path("manage/quality/register/<str:number>/", hardship_pages.hardship, name="hardship"),
    path("objections/", case_pages.own_objections, name="own_objections"),
    path("objections/<str:number>/", case_pages.own_objection, name="own_objection"),
    path("manage/quality/index/", score_pages.index, name="index"),
    path("manage/quality/index/<int:pk>/", score_pages.index_value, name="index_value"),
    path("manage/quality/weights/", score_pages.weighing, name="weights"),
    path("manage/quality/reports/", score_pages.reports, name="reports"),
    path(
        "manage/quality/reports/<slug:month>/<str:key>/<slug:form>/",
        score_pages.report, name="report",
    ),
    path("manage/quality/assessments/", follow_pages.assessed, name="assessments"),
    path("manage/quality/improvements/<str:number>/", follow_pages.improvement,
         name="improvement"),
    path("manage/quality/points/", follow_pages.points, name="points"),
    path("manage/quality/gates/", follow_pages.gates, name="gates"),
    path("manage/quality/reality/", follow_pages.reality, name="reality"),
    path("manage/quality/standards/", follow_pages.standards_page, name="standards"),
    path("manage/quality/standards/<str:code>/", follow_pages.standard, name="standard"),
    path("catalog/<str:code>/stars/", score_pages.rate, name="rate"),
    path("manage/quality/runs/", rule_pages.runs, name="runs"),
    path("manage/quality/runs/<str:number>/", pages.run, name="run"),
    path("manage/quality/runs/<str:number>/rows/<int:pk>/", rule_pages.wrong_rows,
         name="wrong_rows"),
    path("manage/quality/rules/", rule_pages.registry, name="rules"),
    path("manage/quality/rules/new/", rule_pages.new, name="rule_new"),
    path("manage/quality/rules/contract/", rule_pages.from_contract, name="rule_contract"),
    path("manage/quality/rules/<slug:entry>/<str:code>/", rule_pages.rule, name="rule"),
]  # fmt: skip
