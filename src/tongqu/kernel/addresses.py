"""Network addresses in the one form in which they can be compared and searched."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network


def full(text: str) -> str:
    """Return an address in full form: eight groups of four digits for IPv6, as it is for IPv4.

    What is no address comes back unchanged: a proxy may name a socket.
    """
    found = parsed(text)
    return text if found is None else found.exploded


def parsed(text: str) -> IPv4Address | IPv6Address | None:
    """Return the address; one of IPv4 that wears IPv6 clothes is IPv4. None: no address."""
    try:
        found = ip_address(text.partition("%")[0].strip("[]"))
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found


def subscriber(text: str) -> str:
    """Return what one caller has of addresses: a whole /64 of IPv6, which he picks from at will."""
    found = parsed(text)
    if isinstance(found, IPv6Address):
        return str(ip_network((found, 64), strict=False))
    return text if found is None else str(found)
