// Baseline: a bare uWebSockets.js echo, one write per message.
import uws from "uWebSockets.js";
import { serve } from "./serve.js";

const app = uws.App();
app.ws("/*", {
  compression: uws.DISABLED,
  idleTimeout: 0,
  message: (socket, message, isBinary) => {
    socket.send(message, isBinary);
  },
});
app.listen("127.0.0.1", 0, (socket) => {
  if (socket === false) process.exit(1);
  serve(uws.us_socket_local_port(socket));
});
