// night.c: moon, the night's own light, the glow of a town.
#include "engine/render/luminance.h"

#include "engine/render/atmosphere_internal.h"

// ---- colours ----------------------------------------------------------------------------------
static float nm_of(int bin)
{
    return BT_SPECTRUM_MIN_NM + BT_SPECTRUM_STEP_NM * (float)bin;
}
// The sun's spectrum, reddened by a slope that is one at 550 nm.
static float reddened(int bin, float slope_per_nm)
{
    return bt_solar_irradiance[bin] * (1.0f + slope_per_nm * (nm_of(bin) - 550.0f));
}

// ---- the moon ---------------------------------------------------------------------------------
// Its light is redder than the sun's by 0.27 magnitudes from B to V (B - V of 0.92, Allen 1976,
// against 0.65): 0.78 times as much at 440 as at 550 nm. Beyond 780 nm its reflectance rises less:
// chosen so that it is 1.6 times that at 550 nm by 1000 nm, about as of lunar soils.
#define MOON_SLOPE 0.0020f
#define MOON_SLOPE_INFRARED 0.0008f
static float moon_reddened(int bin)
{
    float beyond = max(nm_of(bin) - 780.0f, 0.0f);
    return reddened(bin, MOON_SLOPE) -
           bt_solar_irradiance[bin] * (MOON_SLOPE - MOON_SLOPE_INFRARED) * beyond;
}

// Illuminance above the air, lux. Krisciunas and Schaefer 1991, eq. 8, for the mean distance;
// without the surge of the last few degrees before full moon.
static double moon_lux(double phase_rad)
{
    double deg = bt_clamp(fabs(phase_rad) * 180.0 / BT_PI, 0.0, 180.0);
    double foot_candles = pow(10.0, -0.4 * (3.84 + 0.026 * deg + 4.0e-9 * deg * deg * deg * deg));
    return 10.7639 * foot_candles;
}
void bt_moon_over_sun(double phase_rad, float *ratio)
{
    float moon[BT_SPECTRUM_BINS];
    for (int i = 0; i < BT_SPECTRUM_BINS; i++)
        moon[i] = moon_reddened(i);
    double scale = moon_lux(phase_rad) / bt_luminance_of(moon);
    for (int i = 0; i < BT_SPECTRUM_BINS; i++)
        ratio[i] = (float)scale * moon[i] / bt_solar_irradiance[i];
}

// Mean over the disc of Seeliger's law, by a grid over it.
static double face_mean(double phase_rad)
{
    enum { STEPS = 512 };
    double sum = 0.0;
    int count = 0;
    for (int k = 0; k < STEPS * STEPS; k++) {
        double x = 2.0 * (k % STEPS + 0.5) / STEPS - 1.0;
        int row = k / STEPS;
        double y = 2.0 * (row + 0.5) / STEPS - 1.0;
        double z2 = 1.0 - x * x - y * y;
        if (z2 <= 0.0) continue;
        double z = sqrt(z2), facing = x * sin(phase_rad) + z * cos(phase_rad);
        if (facing > 0.0) sum += facing / (facing + z);
        count++;
    }
    return sum / count;
}
void bt_moon_face_set(bt_sky *sky, double phase_rad)
{
    double phase = bt_clamp(fabs(phase_rad), 0.0, BT_PI);
    sky->moon_sin = (float)sin(phase);
    sky->moon_cos = (float)cos(phase);
    sky->moon_scale = (float)(1.0 / fmax(face_mean(phase), 1e-6));
    // the limb towards the sun, wherever that is
    float3 moon = sky->moon.dir, sun = sky->day.dir;
    float3 towards = sun - moon * dot3(sun, moon);
    if (!(dot3(towards, towards) > 1e-8f)) towards = cross3(float3(0.0f, 0.0f, 1.0f), moon);
    if (!(dot3(towards, towards) > 1e-8f)) towards = float3(1.0f, 0.0f, 0.0f);
    sky->moon_x = normalize3(towards);
    sky->moon_y = cross3(moon, sky->moon_x);
}

// ---- the night's own light --------------------------------------------------------------------
// Airglow, zodiacal light and stars: 22 magnitudes to the square second at the zenith, the natural
// sky of light-pollution work, 1.71e-4 cd/m2; 0.38 magnitudes redder from B to V than the sun
// (B - V of 1.03, Patat 2003, Paranal). Its lines (558, 589, 630 nm) are spread out. Beyond 700 nm
// hydroxyl shines: V - I of 1.90 there, which with Bessell's (1998) zero points, 3.63e-11 and 1.13e-11
// W m^-2 um^-1 over 1e-3, is 1.79 times as much at 800 as at 550 nm; spread out, and held from there.
#define NIGHT_CD_M2 1.71e-4
#define NIGHT_SLOPE 0.0027f
#define NIGHT_AT_800 1.79f // over 550 nm
static float night_radiance(int bin)
{
    const int at_800 = 84, at_550 = 34;
    float level = reddened(bin, NIGHT_SLOPE), nm = nm_of(bin);
    if (nm <= 700.0f) return level;
    float peak = NIGHT_AT_800 * reddened(at_550, NIGHT_SLOPE) / reddened(at_800, NIGHT_SLOPE);
    return level * lerp(1.0f, peak, min(0.01f * (nm - 700.0f), 1.0f));
}

void bt_night_zenith(float *spectrum)
{
    for (int i = 0; i < BT_SPECTRUM_BINS; i++)
        spectrum[i] = night_radiance(i);
    double scale = NIGHT_CD_M2 / bt_luminance_of(spectrum);
    for (int i = 0; i < BT_SPECTRUM_BINS; i++)
        spectrum[i] *= (float)scale;
}

// ---- the glow of a town -----------------------------------------------------------------------
// High-pressure sodium (CIE HP1) and white LED (CIE LED-B3), half of the light each (chosen), from
// assets/spectra/lamps_5nm.csv, which know nothing beyond 780 nm; 1e-4 W nm^-1 to the lumen.
static const float street_light[BT_SPECTRUM_BINS] = {
    0.002f, 0.002f, 0.003f, 0.003f, 0.003f, 0.005f, 0.005f, 0.007f, 0.011f, 0.017f, 0.027f, 0.043f,
    0.068f, 0.094f, 0.107f, 0.080f, 0.054f, 0.058f, 0.043f, 0.032f, 0.027f, 0.031f, 0.037f, 0.058f,
    0.101f, 0.052f, 0.055f, 0.069f, 0.060f, 0.062f, 0.064f, 0.066f, 0.069f, 0.074f, 0.083f, 0.089f,
    0.096f, 0.133f, 0.333f, 0.136f, 0.193f, 0.380f, 0.225f, 0.418f, 0.272f, 0.199f, 0.160f, 0.186f,
    0.122f, 0.110f, 0.100f, 0.091f, 0.084f, 0.077f, 0.070f, 0.064f, 0.058f, 0.053f, 0.051f, 0.046f,
    0.039f, 0.032f, 0.028f, 0.025f, 0.022f, 0.020f, 0.018f, 0.016f, 0.014f, 0.013f, 0.012f, 0.011f,
    0.010f, 0.010f, 0.010f, 0.009f, 0.008f, 0.034f, 0.030f, 0.007f, 0.008f,
};

void bt_glow_zenith(const float *scattering, double cd_m2, float *spectrum)
{
    for (int i = 0; i < BT_SPECTRUM_BINS; i++)
        spectrum[i] = street_light[i] * scattering[i];
    double scale = cd_m2 / bt_luminance_of(spectrum);
    for (int i = 0; i < BT_SPECTRUM_BINS; i++)
        spectrum[i] *= (float)scale;
}
