"""What the API of products takes and gives."""

from datetime import datetime

from ninja import Field, Schema

from tongqu.products.vocabulary import Vehicle


class RouteIn(Schema):
    from_lon: float = Field(ge=-180, le=180)
    from_lat: float = Field(ge=-90, le=90)
    to_lon: float = Field(ge=-180, le=180)
    to_lat: float = Field(ge=-90, le=90)
    at: datetime | None = Field(None, description="出行时刻，缺省为现在；不带时区的按北京时间")
    vehicle: Vehicle = Vehicle.TRUCK


class TollStopOut(Schema):
    code: str
    name: str
    route: str
    km: float


class AvoidedOut(Schema):
    code: str
    name: str
    side: str
    control: str
    since: datetime


class RouteOut(Schema):
    """The way; ``avoided``: nearer stations that a control kept out."""

    km: float
    entry: TollStopOut
    exit: TollStopOut
    stops: list[TollStopOut]
    avoided: list[AvoidedOut]
    asked_for: datetime
