// Preloaded (`--import`) into every process the bench starts: when the bench dies, however it dies, the channel closes
// and so does the process. Without it a killed bench would leave servers behind.
process.on('disconnect', () => process.exit(0));
process.channel?.unref();
