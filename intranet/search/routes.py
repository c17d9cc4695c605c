"""The feature's blueprint, on which its modules of views mount their routes."""

from intranet.kernel.web import Feature

feature = Feature("search")
