# cycles_compare.py: runs inside Blender; cycles_compare.sh starts it and says what is compared.
#
# Draws one glTF scene with Cycles here and with bench.gltf_render beside it, in turns, and prints
# paths per second of both, their means, and how long each takes to the same error.
import json
import math
import os
import subprocess
import sys
import time

import bpy
import numpy as np
from mathutils import Quaternion, Vector

if "bool" not in vars(np):
    np.bool = bool  # Blender 3.4's glTF reader still asks for it

FOLDER, RENDERER, WIDTH, HEIGHT, THREADS, PAIRS, SAMPLES, *LADDER = sys.argv[sys.argv.index("--") + 1:]
LADDER = [int(samples) for samples in LADDER]
WIDTH, HEIGHT, THREADS, PAIRS, SAMPLES = map(int, (WIDTH, HEIGHT, THREADS, PAIRS, SAMPLES))
FOCAL_PX = 0.8 * WIDTH
SURFACES = 6  # on a path, the camera's first: Cycles counts the bounces between them

BLOCK = 20  # pixels

REFERENCE = 1024  # samples of a render that others are measured against

UNDER_GLOSS = 0.95  # of its light a body keeps under a rough gloss of 0.04: about what that leaves, over the hemisphere

# The raw image whose error is compared: a sensor of which the mean pixel holds this many electrons.
MEAN_E, FULL_WELL_E, READ_E = 1500.0, 10000.0, 3.0  # chosen, as the shipped 1 MP sheet's by day


# Blender talks on stdout: results go where the shell script's go.
RESULTS = os.fdopen(3, "w")


def say(text):
    print(text, file=RESULTS, flush=True)


def thin_glass(material):
    """A pane is one sheet: light goes straight through, as in the other renderer."""
    tree = material.node_tree
    tint = next(n for n in tree.nodes if n.type == "BSDF_PRINCIPLED").inputs["Base Color"].default_value[:]
    tree.nodes.clear()
    fresnel = tree.nodes.new("ShaderNodeFresnel")
    through = tree.nodes.new("ShaderNodeBsdfTransparent")
    mirror = tree.nodes.new("ShaderNodeBsdfGlossy")
    mix = tree.nodes.new("ShaderNodeMixShader")
    out = tree.nodes.new("ShaderNodeOutputMaterial")
    fresnel.inputs["IOR"].default_value = 1.5
    through.inputs["Color"].default_value = tint
    mirror.inputs["Roughness"].default_value = 0.0
    tree.links.new(fresnel.outputs[0], mix.inputs[0])
    tree.links.new(through.outputs[0], mix.inputs[1])
    tree.links.new(mirror.outputs[0], mix.inputs[2])
    tree.links.new(mix.outputs[0], out.inputs["Surface"])


def one_sided(material):
    """The back of a lamp that the file does not call doubleSided is dark, as glTF has it."""
    if not material.use_backface_culling:
        return
    tree = material.node_tree
    surface = next((n for n in tree.nodes if n.type == "BSDF_PRINCIPLED"), None)
    if surface is None or not max(surface.inputs["Emission"].default_value[:3]) > 0.0:
        return
    strength = tree.nodes.new("ShaderNodeMath")
    strength.operation = "MULTIPLY_ADD"  # strength - strength * backfacing
    bright = surface.inputs["Emission Strength"].default_value
    strength.inputs[1].default_value, strength.inputs[2].default_value = -bright, bright
    geometry = tree.nodes.new("ShaderNodeNewGeometry")
    tree.links.new(geometry.outputs["Backfacing"], strength.inputs[0])
    tree.links.new(strength.outputs[0], surface.inputs["Emission Strength"])


def lambert_body(material):
    """The body under a gloss is Lambert's, as glTF says and the other renderer does: Principled's is Burley's of
    2012, which at roughness 1 sends up to 2.5 times as much back towards lamp and eye each when they graze it."""
    tree = material.node_tree
    gloss = next((n for n in tree.nodes if n.type == "BSDF_PRINCIPLED"), None)
    if gloss is None or gloss.inputs["Metallic"].default_value > 0.0:
        return
    body = tree.nodes.new("ShaderNodeBsdfDiffuse")
    body.inputs["Color"].default_value = [UNDER_GLOSS * c for c in gloss.inputs["Base Color"].default_value[:3]] + [1.0]
    gloss.inputs["Base Color"].default_value = (0.0, 0.0, 0.0, 1.0)
    both = tree.nodes.new("ShaderNodeAddShader")
    tree.links.new(gloss.outputs[0], both.inputs[0])
    tree.links.new(body.outputs[0], both.inputs[1])
    out = next(n for n in tree.nodes if n.type == "OUTPUT_MATERIAL")
    tree.links.new(both.outputs[0], out.inputs["Surface"])


def add_camera(light):
    camera = bpy.data.cameras.new("camera")
    camera.sensor_fit = "HORIZONTAL"
    camera.angle = 2.0 * math.atan(0.5 * WIDTH / FOCAL_PX)
    camera.clip_start, camera.clip_end = 0.001, 1e6
    thing = bpy.data.objects.new("camera", camera)
    thing.rotation_mode = "QUATERNION"
    # y down and z ahead there, y up and z behind here
    thing.rotation_quaternion = Quaternion(light["world_from_cam"]) @ Quaternion((0, 1, 0, 0))
    bpy.context.scene.collection.objects.link(thing)
    bpy.context.scene.camera = thing


def add_sky():
    world = bpy.data.worlds.new("sky")
    bpy.context.scene.world = world
    world.use_nodes = True
    sky = world.node_tree.nodes.new("ShaderNodeTexEnvironment")
    sky.image = bpy.data.images.load(os.path.join(FOLDER, "sky.exr"))
    sky.image.colorspace_settings.name = "Non-Color"
    world.node_tree.links.new(sky.outputs[0], world.node_tree.nodes["Background"].inputs[0])


def add_light(light):
    add_sky()
    rgb = np.maximum(light["sun_rgb_lx"], 0.0)
    if light["sun_dir"][2] <= 0.0:  # what it still sends is the sky's
        return
    sun = bpy.data.lights.new("sun", "SUN")
    sun.energy, sun.color, sun.angle = rgb.max(), rgb / rgb.max(), light["sun_angle_rad"]
    thing = bpy.data.objects.new("sun", sun)
    thing.rotation_mode = "QUATERNION"
    thing.rotation_quaternion = Vector(light["sun_dir"]).to_track_quat("Z", "Y")
    bpy.context.scene.collection.objects.link(thing)


def set_up():
    bpy.ops.wm.read_factory_settings(use_empty=True)
    start = time.monotonic()
    bpy.ops.import_scene.gltf(filepath=os.path.join(FOLDER, "scene.glb"))
    for material in bpy.data.materials:
        if material.name.startswith("glass"):
            thin_glass(material)
        else:
            one_sided(material)
            lambert_body(material)
    with open(os.path.join(FOLDER, "light.json")) as file:
        light = json.load(file)
    add_camera(light)
    add_light(light)
    scene, cycles = bpy.context.scene, bpy.context.scene.cycles
    scene.render.engine = "CYCLES"
    scene.render.resolution_x, scene.render.resolution_y = WIDTH, HEIGHT
    scene.render.resolution_percentage = 100
    scene.render.threads_mode, scene.render.threads = "FIXED", THREADS
    scene.render.use_persistent_data = True
    scene.render.image_settings.file_format = "OPEN_EXR"
    scene.render.image_settings.color_depth = "32"
    cycles.device = "CPU"
    cycles.use_adaptive_sampling = cycles.use_denoising = cycles.use_auto_tile = False
    cycles.pixel_filter_type, cycles.filter_width = "BOX", 1.0
    cycles.max_bounces = cycles.diffuse_bounces = cycles.glossy_bounces = SURFACES - 1
    cycles.transmission_bounces, cycles.transparent_max_bounces = SURFACES - 1, 24
    cycles.sample_clamp_direct = cycles.sample_clamp_indirect = 0.0
    say("Blender %s: %d objects, loaded in %.1f s" %
          (bpy.app.version_string, len(bpy.data.objects), time.monotonic() - start))


def cycles_draw(samples, seed):
    """The processor's seconds of one render, and its pixels, rows from the top."""
    scene = bpy.context.scene
    scene.cycles.samples, scene.cycles.seed = samples, seed
    scene.render.filepath = os.path.join(FOLDER, "cycles.exr")
    start = time.process_time()
    bpy.ops.render.render(write_still=True)
    spent = time.process_time() - start
    image = bpy.data.images.load(scene.render.filepath)
    values = np.empty(WIDTH * HEIGHT * 4, np.float32)
    image.pixels.foreach_get(values)
    bpy.data.images.remove(image)
    return spent, values.reshape(HEIGHT, WIDTH, 4)[::-1, :, :3].astype(np.float64)


class Blacktop:
    def __init__(self):
        self.path = os.path.join(FOLDER, "blacktop.f32")
        self.process = subprocess.Popen(
            [RENDERER, os.path.join(FOLDER, "scene.glb"), os.path.join(FOLDER, "light.json"), str(WIDTH),
             str(HEIGHT), str(FOCAL_PX), str(THREADS), str(SURFACES)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def draw(self, samples, seed, how="even"):
        self.process.stdin.write("%d %d %s %s\n" % (samples, seed, self.path, how))
        self.process.stdin.flush()
        spent = float(self.process.stdout.readline())
        return spent, np.fromfile(self.path, np.float32).reshape(HEIGHT, WIDTH, 3).astype(np.float64)

    def end(self):
        self.process.stdin.close()
        return self.process.wait()


def luminance(image):
    return image @ (0.2126, 0.7152, 0.0722)


def raw_error(images):
    """Variance that sampling leaves in a raw pixel, over the sensor's own there: from renders that
    differ by their seed alone, so that each is measured against its own mean."""
    gain = MEAN_E / np.mean([luminance(i).mean() for i in images])
    raws = np.array([np.clip(luminance(i) * gain, 0.0, FULL_WELL_E) for i in images])
    return np.mean(raws.var(axis=0, ddof=1) / (raws.mean(axis=0) + READ_E ** 2))


def save_picture(image, name):
    shown = image * (0.25 / luminance(image).mean())
    shown = np.clip(shown, 0.0, 1.0) ** (1.0 / 2.2)
    picture = bpy.data.images.new(name, image.shape[1], image.shape[0])
    rgba = np.ones(image.shape[:2] + (4,), np.float32)
    rgba[..., :3] = shown
    picture.pixels.foreach_set(rgba[::-1].ravel())
    picture.filepath_raw, picture.file_format = os.path.join(FOLDER, name + ".png"), "PNG"
    picture.save()


def compare(blacktop):
    cycles_draw(1, 0)  # builds what is kept
    blacktop.draw(1, 0)
    paths = WIDTH * HEIGHT * SAMPLES
    rates, images, needs, needed = [], [], [], []
    for pair in range(1, PAIRS + 1):
        base, _ = cycles_draw(1, pair)
        spent, c = cycles_draw(SAMPLES + 1, pair)
        spent_b, b = blacktop.draw(SAMPLES, pair)
        rates.append((paths / (spent - base), paths / spent_b))
        images.append((c, b))
        spent_n, n = blacktop.draw(SAMPLES, pair, "need")
        needs.append(spent_n)
        needed.append(n)
        say("pair %d: Cycles %.3f, Blacktop %.3f Mpaths per core second, ratio %.2f; means %.1f, %.1f cd/m2" %
              (pair, rates[-1][0] * 1e-6, rates[-1][1] * 1e-6, rates[-1][1] / rates[-1][0],
               luminance(c).mean(), luminance(b).mean()))
    rates = np.array(rates)
    ratio = rates[:, 1] / rates[:, 0]
    say("paths per core second: Blacktop over Cycles %.2f (geometric mean of %d pairs, %.2f to %.2f)" %
          (np.exp(np.log(ratio).mean()), PAIRS, ratio.min(), ratio.max()))
    return rates, images, needs, needed


def compare_errors(rates, images, needs, needed):
    errors = [raw_error([pair[k] for pair in images]) for k in range(2)]
    seconds = [WIDTH * HEIGHT * SAMPLES / np.exp(np.log(rates[:, k]).mean()) for k in range(2)]
    say("sampling's variance in the raw image at %d samples, over the sensor's own: Cycles %.3f, Blacktop %.3f"
        % (SAMPLES, *errors))
    say("time to equal error of the raw image: Cycles takes %.2f times as long" %
        (errors[0] * seconds[0] / (errors[1] * seconds[1])))
    error, spent = raw_error(needed), np.exp(np.log(needs).mean())
    say("the same when Blacktop's samples go where the sensor sees their noise (by need): %.3f over the sensor's own, "
        "%.2f times as long" % (error, errors[0] * seconds[0] / (error * spent)))


def compare_means(images):
    c, b = (np.mean([pair[k] for pair in images], axis=0) for k in range(2))
    say("means of all pairs: Cycles %.1f, Blacktop %.1f cd/m2, %.1f %% apart; medians %.1f, %.1f, %.1f %% apart" %
        (luminance(c).mean(), luminance(b).mean(), 100.0 * (luminance(b).mean() / luminance(c).mean() - 1.0),
         np.median(luminance(c)), np.median(luminance(b)),
         100.0 * (np.median(luminance(b)) / np.median(luminance(c)) - 1.0)))
    save_picture(np.concatenate((c, b), axis=1), "cycles_and_blacktop")


def blocks(image):
    """Mean luminance of squares of BLOCK pixels a side."""
    rows, columns = HEIGHT // BLOCK, WIDTH // BLOCK
    return luminance(image)[:rows * BLOCK, :columns * BLOCK].reshape(rows, BLOCK, columns, BLOCK).mean(axis=(1, 3))


def climb(blacktop):
    """Where lamps make the light, errors do not fall as they should before a renderer has found them: what
    is left after more and more samples, against a long render of Blacktop's."""
    _, long = blacktop.draw(REFERENCE, 1000)
    true = luminance(long)
    dim = np.median(true)

    def tell(who, samples, spent, image):
        off = np.abs(luminance(image) - true) / (true + dim)
        say("%s, %d samples: %.1f core seconds; median error %.3f of a pixel and the median pixel together, %.0f %% of "
            "the pixels off by a fifth of that" % (who, samples, spent, np.median(off), 100.0 * np.mean(off > 0.2)))

    spent, image = blacktop.draw(SAMPLES, 1)
    tell("Blacktop", SAMPLES, spent, image)
    for samples in LADDER:
        base, _ = cycles_draw(1, 1)
        spent, image = cycles_draw(samples + 1, 1)
        tell("Cycles", samples, spent - base, image)
        lit = blocks(long) > 0.01 * true.mean()  # not the night's sky
        low, middle, high = np.percentile(blocks(image)[lit] / blocks(long)[lit], (25, 50, 75))
        say("  blocks of %d px a side, Cycles over Blacktop: %.2f to %.2f (quartiles), median %.2f" %
            (BLOCK, low, high, middle))


set_up()
renderer = Blacktop()
if LADDER:
    cycles_draw(1, 0)
    renderer.draw(1, 0)
    climb(renderer)
else:
    rates, images, needs, needed = compare(renderer)
    compare_means(images)
    compare_errors(rates, images, needs, needed)
sys.exit(renderer.end())
