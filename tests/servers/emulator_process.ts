/**
 * Serves the emulator until it is killed; its base URL is the first line.
 *
 * @module
 */

import { AvalaEmulator } from "@avala/client/testing";

const server = await new AvalaEmulator().serve();
console.log(server.baseUrl);
