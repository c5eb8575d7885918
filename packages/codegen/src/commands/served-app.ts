// What the command needs of an app, by shape: the server package makes it, the app's own copy of it at that.

/** The part of `App` of @vango/server that is used here. */
export interface ServedApp {
  listen(options: {
    readonly port: number;
    readonly host: string;
    readonly reusePort?: boolean;
    readonly peers?: { readonly folder: string; readonly token: string };
  }): Promise<{ readonly url: string; readonly port: number; readonly transport?: string; readonly worker?: string; close(): Promise<void> }>;
  drain(): Promise<void>;
}

/** What app/main.ts's `createVangoApp` and the default app are called with. */
export interface AppContext {
  readonly routes: unknown;
  /** Default export of vango_state_bindings_gen.ts, if the app has it. */
  readonly state?: object;
  /** True under `vango dev`. */
  readonly dev: boolean;
  /** Folder of static files: `public` in development if there is one, `dist/public` after a build. */
  readonly publicDir?: string;
  /** Which of several processes this is. */
  readonly worker?: { readonly number: number; readonly count: number; readonly first: boolean };
}

/** The modules an app consists of. */
export interface AppModules {
  /** `createApp` of @vango/server, for apps without app/main.ts. */
  readonly createApp: (options: AppContext) => ServedApp;
  /** app/main.ts, if it exists. */
  readonly main: Readonly<Record<string, unknown>> | undefined;
}
