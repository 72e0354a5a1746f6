"""The municipality that holds a point, from INEGI's simplified shapes."""

import json
from dataclasses import dataclass
from math import cos, radians
from pathlib import Path
from typing import Any

from shapely import STRtree
from shapely.geometry import MultiPolygon, Point, Polygon, shape
from shapely.geometry.base import BaseGeometry
from shapely.ops import nearest_points

# A phone at the beach, or in a gap that simplifying left between two shapes.
SHORE_KM = 5.0
_KM_PER_DEGREE = 111.32

_Ring = list[tuple[float, float]]


@dataclass(frozen=True)
class Shapes:
    """Municipal polygons in degrees with a spatial index over them."""

    keys: tuple[str, ...]
    polygons: tuple[BaseGeometry, ...]
    tree: STRtree

    def holding(self, latitude: float, longitude: float) -> str | None:
        """Key of the municipality at the point, or the nearest within `SHORE_KM`; None elsewhere."""
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            return None
        point = Point(longitude, latitude)
        inside = sorted(self.tree.query(point, predicate="intersects").tolist())
        if inside:
            return self.keys[inside[0]]
        return self._nearest(point)

    def _nearest(self, point: Point) -> str | None:
        reach = SHORE_KM / (_KM_PER_DEGREE * max(cos(radians(point.y)), 0.1))
        around = self.tree.query(point.buffer(reach)).tolist()
        measured = sorted((_km(point, self.polygons[index]), self.keys[index]) for index in around)
        return measured[0][1] if measured and measured[0][0] <= SHORE_KM else None


def read_shapes(path: Path) -> Shapes:
    """Shapes of a TopoJSON file with one object whose geometries carry `cvegeo`."""
    topology = json.loads(path.read_text(encoding="utf-8"))
    arcs = _decoded_arcs(topology)
    (collection,) = topology["objects"].values()
    keys = tuple(str(geometry["properties"]["cvegeo"]) for geometry in collection["geometries"])
    polygons = tuple(_polygon(geometry, arcs) for geometry in collection["geometries"])
    return Shapes(keys, polygons, STRtree(polygons))


def _decoded_arcs(topology: dict[str, Any]) -> list[_Ring]:
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


def _polygon(geometry: dict[str, Any], arcs: list[_Ring]) -> BaseGeometry:
    parts = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
    polygons = [Polygon(_ring(rings[0], arcs), [_ring(ring, arcs) for ring in rings[1:]]) for rings in parts]
    whole = polygons[0] if len(polygons) == 1 else MultiPolygon(polygons)
    return whole if whole.is_valid else shape(whole.buffer(0))


def _ring(indexes: list[int], arcs: list[_Ring]) -> _Ring:
    """Arcs one after another; ~i is arc i backwards, and each begins where the last ended."""
    ring: _Ring = []
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
