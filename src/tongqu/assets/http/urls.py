"""Pages of this room."""

from django.urls import URLPattern, URLResolver, path

from tongqu.assets.http import library, pages

app_name = "assets"
urlpatterns: list[URLPattern | URLResolver] = [
    path("manage/devices/", pages.devices, name="devices"),
    path("manage/devices/new/", pages.new_device, name="new_device"),
    path("manage/devices/sheet/", pages.sheet, name="sheet"),
    path("manage/devices/<str:code>/", pages.device, name="device"),
    path("manage/devices/<str:code>/key/", pages.key, name="key"),
    path("manage/devices/<str:code>/switch/", pages.switch, name="switch"),
    path("manage/devices/<str:code>/policy/", pages.policy, name="policy"),
    path("manage/media/", library.media_list, name="media_list"),
    path("manage/media/new/", library.new_media, name="new_media"),
    path("manage/media/<str:number>/", library.media, name="media"),
    path("manage/media/<str:number>/file/", library.media_file, name="media_file"),
    path("manage/media/<str:number>/preview/", library.preview, name="preview"),
    path("manage/cameras/", library.cameras, name="cameras"),
    path("manage/cameras/<str:code>/", library.camera, name="camera"),
    path("manage/structures/", library.structures, name="structures"),
    path("manage/structures/<str:code>/", library.structure, name="structure"),
]
