"""What somebody might type before posting, and words (in lower case) by which a post that says it already is
recognised.

Written by hand after reading the demo company, without looking at what the engine finds.
"""

PARAPHRASES: tuple[tuple[str, str], ...] = (
    ("Our ingress gives a 502 on a single path only, all others work", "returns 502 for exactly one path"),
    ("consumer group keeps rebalancing every couple of minutes", "the group rebalances every"),
    ("Almost all of the lag of meter-readings sits on one partition", "one partition of `meter-readings` holds"),
    ("Volume stuck with Multi-Attach error after a node went down", "multi-attach error after a node dies"),
    ("Our night job gets killed because it runs out of memory at 4 GB", "the nightly job is killed at"),
    (
        "clock of the device shows wrong hours after a long power outage",
        "the clock is wrong by hours after a long outage",
    ),
    ("log lines between 1 and 4 at night are missing", "logs of the night are missing"),
    ("browser tests only ever fail on a Monday", "the browser tests fail on mondays only"),
    ("building the firmware on shared runners takes more than half an hour", "the firmware build takes"),
    ("new employees can't get into the portal the day they start", "new starters cannot open the portal"),
    ("The tablet in the cell still shows the name of whoever used it before", "shows the last person's name"),
    ("carbon seal faces are cracking at the brewery", "carbon faces crack"),
    ("pump cavitates even though the NPSH calculation says it should not", "it cavitates although npsh is fine"),
    ("Fluting on the motor bearings after a year with an inverter", "bearings are fluted after one year"),
    ("pressure drop of more than one bar when pump two comes on", "when the second pump starts"),
    ("Tool always breaks at the same block of the program", "the tool breaks at block"),
    (
        "since we changed the coolant there are burrs at the inner edge",
        "burrs on the inside edge since the new coolant",
    ),
    ("Capacitors cracked on boards that were returned", "cracked ceramic capacitor"),
    ("pulse counter is losing counts, a few in a hundred thousand", "the pulse counter loses"),
    ("Parts match the drawing they have, but the drawing is not the current revision", "the drawing is wrong"),
    ("Invoice lists VAT for two different countries", "shows vat of two countries"),
    ("Same complaint came back and was closed again and again as operator error", "each report ended at"),
    ("customer's firewall blocks our gateways every month", "firewall blocks the gateways"),
    (
        "Write access denied even though the user has the right role",
        "write access is refused although the role is there",
    ),
    ("timestamps from Mexico are five and a half hours off", "timestamps from monterrey are off by"),
    ("graph says latency is good but the hospital complains about slowness", "the latency graph looks fine"),
    (
        "how long can we use a mechanical part after the reference master meter has gone for calibration",
        "how long may a master meter stay away",
    ),
    (
        "can one see how full the battery is before starting an update?",
        "can i see the battery state before an update starts",
    ),
    ("New battery cells measure lower voltage in the field than in the lab", "v in the field and"),
    (
        "shipment waits at the port because invoice and certificate name the pump differently",
        "the invoice says *pump* and the certificate",
    ),
    ("is a motor cable longer than 100 m okay without filter", "of motor cable too much without a filter"),
    ("Which sensors last longer than a year in a wet pit", "which sensor survives in a pit"),
    ("Curve of the H12 pump is not stable, there is a hump at low flow", "the curve of the h12 has a hump"),
    (
        "nobody answered the phone of the on-call engineer last night",
        "nobody could reach the phone of the person on call",
    ),
    ("Glove lost near the car park", "one glove, left"),
    ("who comes along for a run after work", "running group meets"),
)
