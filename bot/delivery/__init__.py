"""The outbox: alerts on their way to Telegram."""
