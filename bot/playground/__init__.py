"""A local Telegram Bot API server and a chat page: try the bot with no token, and test it end to end."""
