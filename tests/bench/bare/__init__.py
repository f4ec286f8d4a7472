"""The least that a Wagtail site can be: one page type, no settings of ours. What `bin/bench pages` measures against."""
