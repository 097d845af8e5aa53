// What the bundle has of undici: its own entry loads fetch, WebSocket, caches and mocks as well, which
// are nearly half of it, and cost a start 40 ms that no call needs.
const Dispatcher = require('undici/lib/dispatcher/dispatcher');

// As its own entry does, for the media that a call names by address.
Dispatcher.prototype.request = require('undici/lib/api/api-request');

exports.Agent = require('undici/lib/dispatcher/agent');
exports.Client = require('undici/lib/dispatcher/client');
exports.Pool = require('undici/lib/dispatcher/pool');
exports.errors = require('undici/lib/core/errors');
