# opencv_points.py: prints opencv_points.h: where OpenCV lands points through the lenses of lens_test.c.
#
#   python3 tests/sensors/camera/optics/opencv_points.py > tests/sensors/camera/optics/opencv_points.h
import math

import cv2
import numpy as np

THIN_PRISM = [-0.25, 0.08, 8e-4, -5e-4, -0.01, 0.02, 0.005, 0.001, 3e-3, -7e-4, -2e-3, 5e-4]
# number in lens_test.c's cases, fx, fy, cx, cy, coefficients, field in degrees; four: fisheye
LENSES = [
    (2, 700, 690, 650, 380, [-0.30, 0.11, 0.0012, -0.0007, -0.018], 35),
    (3, 1621.4, 1620, 960, 640, [1.52, 0.31, 1e-4, -2e-4, 0.008, 1.88, 0.78, 0.06], 45),
    (5, 513.0, 512.4, 960.5, 769.1, [0.1195, -0.02288, -0.00344, 0.00053], 88),
    (7, 900, 910, 640, 400, THIN_PRISM, 35),
    (9, 900, 910, 640, 400, THIN_PRISM + [0.06, -0.035], 35),
]

print("// opencv_points.h: printed by opencv_points.py with OpenCV", cv2.__version__)
print("typedef struct opencv_point {\n    int lens;\n    double x, y, z, u, v;\n} opencv_point;\n")
print("static const opencv_point opencv_points[] = {")
for number, fx, fy, cx, cy, k, field in LENSES:
    for i in range(8):
        theta = math.radians(field) * (i + 1) / 8
        around = 2.4 * i
        point = [math.sin(theta) * math.cos(around), math.sin(theta) * math.sin(around),
                 math.cos(theta)]
        camera = np.array([[fx, 0, cx], [0, fy, cy], [0, 0, 1]], dtype=float)
        points = np.array([[point]])
        zero = np.zeros(3)
        project = cv2.fisheye.projectPoints if len(k) == 4 else cv2.projectPoints
        image, _ = project(points, zero, zero, camera, np.array(k))
        u, v = image.reshape(2)
        print("    {%d, %.17g, %.17g, %.17g, %.10f, %.10f}," % (number, *point, u, v))
print("};")
