"""The municipality that holds a point, from INEGI's simplified shapes."""

import json
from dataclasses import dataclass
from math import cos, radians
from pathlib import Path
from typing import Any

from shapely import STRtree
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, shape
from shapely.geometry.base import BaseGeometry
from shapely.ops import nearest_points

# A phone at the beach, or in a gap that simplifying left. Near a land border it would be abroad.
SHORE_KM = 5.0
BORDER_KM = 1.0
# The land borders, roughly; what lies within a third of a degree of them counts as near.
_LAND_BORDERS = (
    ((-117.12, 32.53), (-114.72, 32.72), (-114.81, 32.49), (-111.07, 31.33), (-108.21, 31.33)),
    ((-108.21, 31.33), (-108.21, 31.78), (-106.53, 31.78), (-106.2, 31.47), (-105.0, 30.65), (-104.5, 29.64)),
    ((-104.5, 29.64), (-103.3, 29.0), (-102.9, 29.2), (-102.3, 29.88), (-101.4, 29.77), (-100.67, 29.1)),
    ((-100.67, 29.1), (-100.3, 28.28), (-99.5, 27.5), (-99.1, 26.4), (-98.2, 26.06), (-97.14, 25.96)),
    ((-92.25, 14.53), (-92.08, 15.07), (-92.2, 15.25), (-91.73, 16.07), (-90.44, 16.07), (-90.6, 16.5)),
    ((-90.6, 16.5), (-91.4, 17.25), (-90.98, 17.25), (-90.98, 17.82), (-89.15, 17.82), (-88.3, 18.48)),
)
_NEAR_A_BORDER = 0.33
_KM_PER_DEGREE = 111.32

Ring = list[tuple[float, float]]
"""Points as (longitude, latitude) in degrees; the last is the first."""


@dataclass(frozen=True)
class Shapes:
    """Municipal polygons in degrees with a spatial index over them."""

    keys: tuple[str, ...]
    polygons: tuple[BaseGeometry, ...]
    tree: STRtree
    borders: tuple[LineString, ...]

    def holding(self, latitude: float, longitude: float) -> str | None:
        """Key of the municipality at the point, or the nearest within `SHORE_KM`; None elsewhere."""
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            return None
        point = Point(longitude, latitude)
        inside: list[int] = sorted(self.tree.query(point, predicate="intersects").tolist())
        return self.keys[inside[0]] if inside else self._nearest(point)

    def _nearest(self, point: Point) -> str | None:
        reach = SHORE_KM / (_KM_PER_DEGREE * max(cos(radians(point.y)), 0.1))
        around: list[int] = self.tree.query(point.buffer(reach)).tolist()
        measured = sorted((_km(point, self.polygons[index]), self.keys[index]) for index in around)
        return measured[0][1] if measured and measured[0][0] <= self._tolerance(point) else None

    def _tolerance(self, point: Point) -> float:
        near_a_border = any(border.distance(point) < _NEAR_A_BORDER for border in self.borders)
        return BORDER_KM if near_a_border else SHORE_KM


def read_shapes(path: Path) -> Shapes:
    """Shapes of a TopoJSON file with one object whose geometries carry `cvegeo`."""
    topology = json.loads(path.read_text(encoding="utf-8"))
    arcs = _decoded_arcs(topology)
    (collection,) = topology["objects"].values()
    keys = tuple(str(geometry["properties"]["cvegeo"]) for geometry in collection["geometries"])
    polygons = tuple(_polygon(geometry, arcs) for geometry in collection["geometries"])
    return Shapes(keys, polygons, STRtree(polygons), tuple(map(LineString, _LAND_BORDERS)))


def read_rings(path: Path) -> dict[str, tuple[Ring, ...]]:
    """The outlines of the same file by `cvegeo`, islands and holes as further rings."""
    topology = json.loads(path.read_text(encoding="utf-8"))
    arcs = _decoded_arcs(topology)
    (collection,) = topology["objects"].values()
    return {
        str(geometry["properties"]["cvegeo"]): tuple(
            _ring(ring, arcs) for rings in _parts(geometry) for ring in rings
        )
        for geometry in collection["geometries"]
    }


def _decoded_arcs(topology: dict[str, Any]) -> list[Ring]:
    """Arcs in degrees: TopoJSON keeps them as whole-number steps from point to point."""
    (scale_x, scale_y), (zero_x, zero_y) = topology["transform"]["scale"], topology["transform"]["translate"]
    decoded = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            points.append((x * scale_x + zero_x, y * scale_y + zero_y))
        decoded.append(points)
    return decoded


def _polygon(geometry: dict[str, Any], arcs: list[Ring]) -> BaseGeometry:
    polygons = [
        Polygon(_ring(rings[0], arcs), [_ring(ring, arcs) for ring in rings[1:]])
        for rings in _parts(geometry)
    ]
    whole = polygons[0] if len(polygons) == 1 else MultiPolygon(polygons)
    return whole if whole.is_valid else shape(whole.buffer(0))


def _parts(geometry: dict[str, Any]) -> list[list[list[int]]]:
    """The polygons of a geometry, each with its outer ring first."""
    return [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]


def _ring(indexes: list[int], arcs: list[Ring]) -> Ring:
    """Arcs one after another; ~i is arc i backwards, and each begins where the last ended."""
    ring: Ring = []
    for index in indexes:
        points = arcs[index] if index >= 0 else arcs[~index][::-1]
        ring.extend(points[1:] if ring else points)
    return ring


def _km(point: Point, polygon: BaseGeometry) -> float:
    """Distance in kilometres; at five kilometres the earth is flat."""
    there = nearest_points(polygon, point)[0]
    east = (there.x - point.x) * cos(radians(point.y)) * _KM_PER_DEGREE
    north = (there.y - point.y) * _KM_PER_DEGREE
    return float((east**2 + north**2) ** 0.5)
