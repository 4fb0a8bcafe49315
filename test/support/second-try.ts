// On a build machine, whose neighbours nobody knows, a test that failed is tried once more, and its first failure is
// printed: these tests kill processes, cut networks and drive real browsers. Anywhere else a failure is a failure.
if (process.env['CI']) jest.retryTimes(1, { logErrorsBeforeRetry: true });
