"""The one way out to other hubs: encrypted, checked, reported when it is not."""
