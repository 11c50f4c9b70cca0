// car_style.c: faces and tails: outlines of grilles and lamps in heights relative to the nose and
// the tail, widths for a car of 1.8 m. All chosen by eye.
#include "procedural/vehicles/car_internal.h"

// half width below, above; low, high; bars
static const bt_car_grille grilles[BT_GRILLE_COUNT] = {
    [BT_GRILLE_TRAPEZOID] = {0.31, 0.43, 0.60, 0.865, 4, false, {0.52, 0.46, 0.13, 0.345}},
    [BT_GRILLE_SLIM] = {0.455, 0.47, 0.745, 0.865, 2, false, {0.56, 0.50, 0.12, 0.40}},
    [BT_GRILLE_FRAME] = {0.33, 0.40, 0.37, 0.885, 7, true, {0.50, 0.47, 0.11, 0.27}},
    [BT_GRILLE_TALL] = {0.36, 0.43, 0.50, 0.865, 5, true, {0.52, 0.46, 0.13, 0.345}},
};

// corners (width, height, rounding); two projectors (width, height, radius); where the indicator
// begins
static const bt_car_lamp_shape headlamps[BT_LAMPS_COUNT] = {
    [BT_LAMPS_SWEPT] = {{{0.485, 0.735, 0.03},
                         {0.76, 0.715, 0.06},
                         {1.00, 0.80, 0.08},
                         {1.22, 0.99, 0.03},
                         {0.84, 0.975, 0.10},
                         {0.50, 0.885, 0.03}},
                        {{0.60, 0.805, 0.036}, {0.76, 0.835, 0.040}},
                        1.04},
    [BT_LAMPS_SLIM] = {{{0.50, 0.765, 0.02},
                        {0.80, 0.775, 0.05},
                        {1.06, 0.83, 0.05},
                        {1.18, 0.93, 0.03},
                        {0.86, 0.925, 0.08},
                        {0.50, 0.875, 0.02}},
                       {{0.62, 0.822, 0.028}, {0.80, 0.852, 0.030}},
                       1.05},
    [BT_LAMPS_BLOCK] = {{{0.52, 0.70, 0.05},
                         {0.80, 0.69, 0.05},
                         {1.02, 0.74, 0.06},
                         {1.07, 0.94, 0.05},
                         {0.82, 0.965, 0.06},
                         {0.53, 0.915, 0.05}},
                        {{0.63, 0.81, 0.042}, {0.80, 0.83, 0.046}},
                        0.98},
    [BT_LAMPS_LARGE] = {{{0.50, 0.66, 0.04},
                         {0.86, 0.68, 0.05},
                         {1.10, 0.86, 0.05},
                         {1.13, 1.00, 0.04},
                         {0.80, 0.985, 0.06},
                         {0.52, 0.905, 0.04}},
                        {{0.60, 0.79, 0.036}, {0.76, 0.82, 0.040}},
                        1.04},
};

// corners (width from the rear's middle, height, rounding); height below which the lenses are clear
// and amber; width that parts these two
static const bt_car_tail_shape tails[BT_TAILS_COUNT] = {
    [BT_TAILS_SWEPT] = {{{0.50, 0.665, 0.03},
                         {0.74, 0.61, 0.06},
                         {0.98, 0.64, 0.05},
                         {1.06, 0.88, 0.04},
                         {0.80, 0.89, 0.08},
                         {0.51, 0.845, 0.03}},
                        0.70,
                        0.70},
    [BT_TAILS_DECK] = {{{0.43, 0.66, 0.03},
                        {0.76, 0.61, 0.08},
                        {1.02, 0.69, 0.05},
                        {1.08, 0.86, 0.03},
                        {0.78, 0.87, 0.08},
                        {0.44, 0.835, 0.03}},
                       0.70,
                       0.70},
    [BT_TAILS_SLIM] = {{{0.38, 0.74, 0.02},
                        {0.74, 0.71, 0.05},
                        {1.02, 0.73, 0.04},
                        {1.10, 0.87, 0.03},
                        {0.78, 0.885, 0.06},
                        {0.38, 0.875, 0.02}},
                       0.762,
                       0.70},
    [BT_TAILS_UPRIGHT] = {{{0.66, 0.56, 0.04},
                           {0.82, 0.54, 0.04},
                           {0.97, 0.58, 0.04},
                           {1.02, 0.90, 0.04},
                           {0.84, 0.925, 0.05},
                           {0.68, 0.90, 0.04}},
                          0.655,
                          0.83},
    [BT_TAILS_PILLAR] = {{{0.76, 0.52, 0.03},
                          {0.83, 0.52, 0.0},
                          {0.90, 0.52, 0.03},
                          {0.915, 0.955, 0.03},
                          {0.84, 0.955, 0.0},
                          {0.765, 0.955, 0.03}},
                         0.66,
                         0.835},
};

const bt_car_grille *bt_car_grille_of(const bt_car_params *p)
{
    return &grilles[p->grille];
}

const bt_car_lamp_shape *bt_car_headlamp_of(const bt_car_params *p)
{
    return &headlamps[p->lamps];
}

const bt_car_tail_shape *bt_car_tail_of(const bt_car_params *p)
{
    return &tails[p->tails];
}
