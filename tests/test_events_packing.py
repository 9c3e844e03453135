"""Lists of objects become rows."""

import awkward as ak
import numpy as np

from offshell.io.events.packing import packed


def test_the_objects_of_highest_pt_fill_the_rows_of_their_kind_and_the_rest_is_zero():
    none = ak.Array([[], []])
    met = ak.Array([[30.0], [0.0]])
    jets = ak.Array([[20.0, 50.0, 40.0], []])
    objects = {
        "met": (met, 0 * met, met / 10),
        "electrons": (none, none, none),
        "muons": (ak.Array([[], [1.0, 2, 3, 4, 5]]),) * 3,
        "jets": (jets, jets / 100, jets / 1000),
    }
    events = packed(objects, source="toy")
    expected = np.zeros((2, 19, 4), np.float32)
    expected[:, 0] = [[30, 0, 3, 1], [0, 0, 0, 1]]
    expected[0, 9:12] = [[50, 0.5, 0.05, 4], [40, 0.4, 0.04, 4], [20, 0.2, 0.02, 4]]
    expected[1, 5:9] = [[5, 5, 5, 3], [4, 4, 4, 3], [3, 3, 3, 3], [2, 2, 2, 3]]
    np.testing.assert_array_equal(events, expected)
