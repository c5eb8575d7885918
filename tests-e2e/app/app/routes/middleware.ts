// Who a cookie says one is; `/login` and `/clicks` are for everybody.
import type { Middleware } from "@vango/server";

export const middleware: Middleware = (ctx, next) => {
  const id = /(?:^|; )login=([^;]*)/.exec(ctx.request.headers.get("cookie") ?? "")?.[1];
  const { pathname } = new URL(ctx.request.url);
  if (id === undefined && pathname === "/") return Promise.resolve(ctx.redirect("/login"));
  ctx.user = id === undefined ? undefined : { id };
  return next();
};
