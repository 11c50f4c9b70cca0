"""Calibration of the bench's checkerboard by OpenCV: corners found, cv2.calibrateCamera or
cv2.fisheye.calibrate, compared with the lens that was set."""
import csv
import glob
import sys

import cv2
import numpy

import judge


def find(folder, size):
    boards, corners, numbers = [], [], []
    grid = numpy.zeros((size[0] * size[1], 3), numpy.float32)
    grid[:, :2] = numpy.mgrid[: size[0], : size[1]].T.reshape(-1, 2) * 0.1
    for number, path in enumerate(sorted(glob.glob(folder + "/view_*.png"))):
        image = cv2.imread(path, cv2.IMREAD_GRAYSCALE)
        found, points = cv2.findChessboardCorners(image, size, flags=cv2.CALIB_CB_ADAPTIVE_THRESH)
        if not found:
            print("%s: no board found" % path)
            continue
        # the window must not reach the next corner
        apart = numpy.hypot(*numpy.diff(points.reshape(size[1], size[0], 2), axis=1).reshape(-1, 2).T)
        half = max(3, int(0.55 * apart.min()))
        points = cv2.cornerSubPix(image, points, (half, half), (-1, -1),
                                  (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_COUNT, 60, 1e-4))
        boards.append(grid)
        corners.append(points)
        numbers.append(number)
    return boards, corners, numbers, image.shape[::-1]


def calibrate(model, boards, corners, size):
    if model == "kannala_brandt":
        flags = cv2.fisheye.CALIB_RECOMPUTE_EXTRINSIC | cv2.fisheye.CALIB_FIX_SKEW
        return cv2.fisheye.calibrate([b.reshape(-1, 1, 3) for b in boards], corners, size, None, None,
                                     flags=flags)[:3]
    return cv2.calibrateCamera(boards, corners, size, None, None)[:3]


def read_poses(folder):
    """{view: 3 x 4 of the camera from the board}"""
    with open(folder + "/poses.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    poses = {}
    for row in rows:
        w, x, y, z = (float(row[key]) for key in ("qw", "qx", "qy", "qz"))
        turn = numpy.array([[1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
                            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
                            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)]])
        poses[int(row["view"])] = turn, numpy.array([float(row[key]) for key in ("x_m", "y_m", "z_m")])
    return poses


def project(model, k, d, pose):
    """The board's corners by OpenCV."""
    grid = numpy.array([((x - 4) * 0.1, (y - 2.5) * 0.1, 0.0) for y in range(6) for x in range(9)])
    rotation = cv2.Rodrigues(pose[0])[0]
    if model == "kannala_brandt":
        return cv2.fisheye.projectPoints(grid.reshape(-1, 1, 3), rotation, pose[1], k, d[:4])[0].reshape(-1, 2)
    return cv2.projectPoints(grid, rotation, pose[1], k, d)[0].reshape(-1, 2)


def radius(model, k, d, theta):
    """Pixels from the principal point at a field angle, by OpenCV's own projection."""
    points = numpy.stack([numpy.sin(theta), 0 * theta, numpy.cos(theta)], axis=1).reshape(-1, 1, 3)
    zero = numpy.zeros(3)
    if model == "kannala_brandt":
        image = cv2.fisheye.projectPoints(points, zero, zero, k, d)[0]
    else:
        image = cv2.projectPoints(points, zero, zero, k, d)[0]
    return numpy.hypot(image[:, 0, 0] - k[0, 2], image[:, 0, 1] - k[1, 2])


def main():
    folder, expected = judge.arguments()
    verdict = judge.Verdict(folder)
    model = [where for quantity, where in verdict.truth if quantity == "fx"][0]
    value = lambda quantity, where: verdict.truth[quantity, where]["value"]
    true_k = numpy.array([[value("fx", model), 0, value("cx", model)],
                          [0, value("fy", model), value("cy", model)], [0, 0, 1]])
    true_d = numpy.array([value("coefficient", "k[%d]" % i) for i in range(8)])
    boards, corners, numbers, size = find(folder, (9, 6))
    rms, k, d = calibrate(model, boards, corners, size)

    # the bench's exact corners against OpenCV's projection by the lens that was set
    exact = {}
    with open(folder + "/corners.csv", newline="") as file:
        for row in csv.DictReader(file):
            exact.setdefault(int(row["view"]), []).append((float(row["x_px"]), float(row["y_px"])))
    worst = max(numpy.abs(project(model, true_k, true_d, pose) - numpy.array(exact[n])).max()
                for n, pose in read_poses(folder).items())
    verdict.check("exact_corners", "all", float(worst))
    errors = [numpy.hypot(*(p.reshape(-1, 2) - numpy.array(exact[n])).T)
              for n, p in zip(numbers, corners)]
    errors = [numpy.minimum(e, numpy.hypot(*(p.reshape(-1, 2)[::-1] - numpy.array(exact[n])).T))
              for e, n, p in zip(errors, numbers, corners)]
    print("%d boards; found against exact corners: rms %.4f px" %
          (len(boards), numpy.sqrt(numpy.mean(numpy.concatenate(errors) ** 2))))

    for quantity, measured in (("fx", k[0, 0]), ("fy", k[1, 1]), ("cx", k[0, 2]), ("cy", k[1, 2])):
        verdict.check(quantity, model, measured)
    verdict.check("calibration_rms", "all", rms)
    seen = max(numpy.hypot(*(p.reshape(-1, 2) - k[:2, 2]).T).max() for p in corners)
    theta = numpy.linspace(0.01, 1.5, 400)
    true_radius = radius(model, true_k, true_d[:4] if model == "kannala_brandt" else true_d, theta)
    inside = theta < theta[numpy.argmax(true_radius >= seen)]  # what no board covered is not known
    off = numpy.abs(radius(model, k, d, theta) - true_radius)[inside]
    verdict.check("radius_error", "all", float(off.max()))
    return verdict.end(expected)


if __name__ == "__main__":
    sys.exit(main())
