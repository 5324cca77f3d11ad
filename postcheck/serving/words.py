"""The words that generated passphrases are made of."""

from __future__ import annotations

WORDS = (
    "acorn", "album", "amber", "anchor", "apple", "apron", "arbor", "arrow", "aspen", "atlas", "badge",
    "baker", "balm", "banjo", "barn", "basil", "basket", "beach", "beaver", "bell", "bench", "berry", "bike",
    "birch", "bison", "blanket", "bloom", "boat", "bottle", "boulder", "bowl", "branch", "bread", "breeze",
    "brick", "bridge", "brook", "broom", "brush", "bucket", "bugle", "butter", "button", "cabin", "cable",
    "cactus", "camel", "candle", "canoe", "canyon", "carpet", "carrot", "castle", "cedar", "cello", "chair",
    "chalk", "cherry", "chess", "chimney", "cider", "circle", "clay", "cliff", "clock", "cloud", "clover",
    "coast", "cobalt", "coffee", "comet", "compass", "copper", "coral", "corner", "cotton", "cradle", "crane",
    "crayon", "creek", "cricket", "crystal", "curtain", "cycle", "daisy", "dance", "dawn", "deer", "delta",
    "desert", "diamond", "dolphin", "door", "dragonfly", "drum", "dune", "eagle", "easel", "echo", "elbow",
    "elm", "ember", "engine", "falcon", "fence", "fern", "ferry", "fiddle", "field", "finch", "flag", "flame",
    "flute", "forest", "fossil", "fountain", "fox", "galaxy", "garden", "garlic", "gate", "geyser", "ginger",
    "glacier", "glass", "glove", "granite", "grape", "grass", "gravel", "guitar", "hammer", "harbor", "harp",
    "harvest", "hazel", "helmet", "heron", "hill", "honey", "horizon", "hut", "igloo", "island", "ivory",
    "jacket", "jasmine", "jelly", "jigsaw", "juniper", "kayak", "kettle", "kite", "ladder", "lagoon", "lake",
    "lantern", "laurel", "lemon", "lily", "linen", "lizard", "lobster", "locket", "lumber", "magnet", "mango",
    "maple", "marble", "meadow", "melon", "mint", "mirror", "mitten", "moon", "moss", "mountain", "mural",
    "needle", "nest", "nickel", "north", "nutmeg", "oak", "oasis", "oat", "ocean", "olive", "onion", "orange",
    "orbit", "orchard", "otter", "oven", "owl", "paddle", "paint", "palm", "panda", "paper", "parade",
    "parrot", "pasture", "peach", "pearl", "pebble", "pencil", "pepper", "piano", "pillow", "pine", "planet",
    "plum", "pocket", "pond", "poplar", "poppy", "porch", "potter", "prairie", "pumpkin", "quartz", "quill",
    "quilt", "rabbit", "radish", "raft", "rain", "raven", "reef", "ribbon", "river", "robin", "rocket",
    "rope", "saddle", "saffron", "sail", "salmon", "sand", "satin", "scarf", "sequoia", "shell", "silver",
    "sketch", "sparrow", "spruce", "squirrel", "starfish", "summit", "sunflower", "teapot", "thimble",
    "thistle", "tiger",
)  # fmt: skip
"""256: eight bits each."""
