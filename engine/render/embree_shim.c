// embree_shim.c: Embree's device, its errors, and the floating-point state it wants.
#include "engine/render/embree_shim.h"

#if defined(__SSE2__)
#include <xmmintrin.h>

#define FLUSH_TO_ZERO 0x8000u
#define DENORMALS_ARE_ZERO 0x0040u
#endif

bt_status bt_embree_device_create(RTCDevice *device)
{
    *device = rtcNewDevice("threads=1,set_affinity=0,hugepages=1");
    if (*device) return BT_OK;
    return bt_fail(BT_ERR_DEVICE, "cannot create an Embree device (error %d)",
                   (int)rtcGetDeviceError(NULL));
}

bt_status bt_embree_check(RTCDevice device, const char *what)
{
    enum RTCError error = rtcGetDeviceError(device);
    if (error == RTC_ERROR_NONE) return BT_OK;
    if (error == RTC_ERROR_OUT_OF_MEMORY) return bt_fail(BT_ERR_MEMORY, "Embree: %s", what);
    return bt_fail(BT_ERR_DEVICE, "Embree: %s failed (error %d)", what, (int)error);
}

#if defined(__SSE2__)
unsigned bt_embree_float_begin(void)
{
    unsigned old = _mm_getcsr();
    _mm_setcsr(old | FLUSH_TO_ZERO | DENORMALS_ARE_ZERO);
    return old;
}

void bt_embree_float_end(unsigned old)
{
    _mm_setcsr(old);
}
#else
unsigned bt_embree_float_begin(void)
{
    return 0;
}

void bt_embree_float_end(unsigned old)
{
    (void)old;
}
#endif
