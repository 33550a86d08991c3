"""Message streams: MQTT and Kafka, collected to pieces and loaded like any file."""
