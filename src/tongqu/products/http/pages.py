"""The page of each product."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tongqu.identity.public import requires
from tongqu.identity.vocabulary import Permission
from tongqu.kernel.problems import Problem, Rejected
from tongqu.opening.public import admit_caller
from tongqu.products.http.api import in_time
from tongqu.products.public import farthest, route
from tongqu.products.vocabulary import PROBLEM_STATUS, Place, RouteView, Vehicle

VEHICLES = {
    Vehicle.PASSENGER.value: "客车",
    Vehicle.TRUCK.value: "货车",
    Vehicle.HAZMAT.value: "危险货物运输车辆",
    Vehicle.OVERSIZE.value: "超限运输车辆",
}
STATUS = PROBLEM_STATUS | {"OPEN_RATE": 429}


class RouteForm(forms.Form):
    from_lon = forms.FloatField(label="起点经度", min_value=-180, max_value=180)
    from_lat = forms.FloatField(label="起点纬度", min_value=-90, max_value=90)
    to_lon = forms.FloatField(label="终点经度", min_value=-180, max_value=180)
    to_lat = forms.FloatField(label="终点纬度", min_value=-90, max_value=90)
    vehicle = forms.ChoiceField(
        label="车型", choices=list(VEHICLES.items()), initial=Vehicle.TRUCK.value
    )
    at = forms.DateTimeField(
        label="出行时刻", required=False, help_text="留空为现在，写法如 2026-09-24 09:00"
    )


@require_safe
@requires(Permission.OPENING_SET_READ)
def prd03(request: HttpRequest) -> HttpResponse:
    """路径规划: a form that needs no script, and the way it found."""
    asked = "from_lon" in request.GET
    example = None if asked else farthest()
    form = RouteForm(request.GET if asked else None, initial=_initial(example))
    found: RouteView | None = None
    problem: Problem | None = None
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            admit_caller(request.META.get("REMOTE_ADDR", ""))
            found = route(
                Place(given["from_lon"], given["from_lat"]),
                Place(given["to_lon"], given["to_lat"]),
                moment=in_time(given["at"]),
                vehicle=Vehicle(given["vehicle"]),
            )
        except Rejected as refused:
            problem = refused.problem
    status = 422 if form.errors else STATUS.get(problem.code, 422) if problem else 200
    context = {"nav": "products", "form": form, "found": found, "problem": problem,
               "is_example": example is not None}  # fmt: skip
    return render(request, "products/prd03.html", context, status=status)


def _initial(example: tuple[Place, Place] | None) -> dict[str, float]:
    """Return an example's places as the form names them; nothing where there is none."""
    if example is None:
        return {}
    (start, goal) = example
    return {"from_lon": start.lon, "from_lat": start.lat, "to_lon": goal.lon, "to_lat": goal.lat}
