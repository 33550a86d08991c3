"""Files that carry a catalogue: sheets, JSON-LD and Turtle, data contracts."""
