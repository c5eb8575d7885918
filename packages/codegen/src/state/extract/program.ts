// The app as TypeScript sees it: its tsconfig, its files, one program. The program is kept between extractions, so that a
// changed file costs its own parse and what is looked at again. TypeScript itself is loaded when it is needed first.
import { existsSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type ts from "typescript";
import { stateError } from "../errors.js";

export type TypeScript = typeof ts;

/**
 * TypeScript takes a third of a second to load: only commands that look at types do. An `import` of it takes twice as long, since
 * its nine megabytes are searched for export names first.
 */
export function loadTypeScript(): TypeScript {
  return createRequire(import.meta.url)("typescript") as TypeScript;
}

const SOURCE = /\.[cm]?tsx?$/;
const NOT_THE_APP = /(?:^|\/)(?:node_modules|dist|\.[^/]+)(?:\/|$)|\.d\.[cm]?ts$|\.(?:test|spec|stories|bench)\.[cm]?tsx?$/;

/** A file as it was parsed. */
interface Parsed {
  /** Of the file on disk then. */
  readonly version: string;
  readonly file: ts.SourceFile;
}

/**
 * Declarations of packages and of the language, by settings and path: apps of one process share them, as editors do. They are
 * most of what a program is made of.
 */
const declarations = new Map<string, Parsed>();
const SHARED = /\.d\.[cm]?ts$/;

/** Programs of one app, each made from the last. */
export class AppProgram {
  #last: ts.Program | undefined;
  readonly #files = new Map<string, Parsed>();
  #options: ts.ParsedCommandLine | undefined;

  constructor(
    readonly ts: TypeScript,
    readonly root: string,
  ) {}

  /** Forgets what may have changed. With no files: what is another file on disk now. Paths are from the root. */
  changed(files?: readonly string[]): void {
    if (files === undefined || files.some((file) => /(?:^|\/)tsconfig[^/]*\.json$|^package\.json$/.test(file))) {
      this.#options = undefined;
      this.#last = undefined;
      for (const [path, { version }] of this.#files) if (versionOf(path) !== version) this.#files.delete(path);
      return;
    }
    for (const file of files) {
      // a file that is new, or gone, can change what other files import
      if (!this.#files.delete(this.#path(join(this.root, file))) || !existsSync(join(this.root, file))) this.#last = undefined;
    }
  }

  /** The program of what is on disk now, as far as `changed` was told. @throws VangoError `VANGO_STATE_TSCONFIG` */
  program(): ts.Program {
    const { ts } = this;
    const { options, fileNames } = (this.#options ??= this.#read());
    const host = ts.createCompilerHost(options);
    const read = host.getSourceFile.bind(host);
    const language = this.#path(dirname(ts.getDefaultLibFilePath(options)));
    // Comments are half of what these hold, and none of them says anything about state.
    const withoutComments = (path: string): boolean => dirname(path) === language || path.includes("/node_modules/@types/");
    const settings = JSON.stringify({ ...options, configFilePath: undefined });
    host.getSourceFile = (name, how, ...rest) => {
      const path = this.#path(name);
      const known = this.#files.get(path);
      if (known !== undefined) return known.file;
      const version = versionOf(name);
      const shared = `${settings} ${path}`;
      const earlier = SHARED.test(name) ? declarations.get(shared) : undefined;
      const file = earlier?.version === version ? earlier.file : read(name, typeof how === "object" && withoutComments(path) ? { ...how, jsDocParsingMode: ts.JSDocParsingMode.ParseNone } : how, ...rest);
      if (file === undefined) return undefined;
      this.#files.set(path, { version, file });
      if (SHARED.test(name)) declarations.set(shared, { version, file });
      return file;
    };
    const ambient = fileNames.filter((name) => /\.d\.[cm]?ts$/.test(name));
    this.#last = ts.createProgram({ rootNames: [...this.#sources(), ...ambient], options, host, ...(this.#last === undefined ? {} : { oldProgram: this.#last }) });
    return this.#last;
  }

  /** Files of the app: below app/, and what they import from elsewhere but packages. */
  sources(program: ts.Program): readonly ts.SourceFile[] {
    return program.getSourceFiles().filter((file) => !file.isDeclarationFile && !program.isSourceFileFromExternalLibrary(file) && !/\/node_modules\//.test(file.fileName));
  }

  #path(name: string): string {
    return this.ts.sys.useCaseSensitiveFileNames ? name.replaceAll("\\", "/") : name.replaceAll("\\", "/").toLowerCase();
  }

  #sources(): readonly string[] {
    const app = join(this.root, "app");
    let names: readonly string[] = [];
    try {
      names = readdirSync(app, { recursive: true, encoding: "utf8" });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
    return names.map((name) => name.replaceAll("\\", "/")).filter((name) => SOURCE.test(name) && !NOT_THE_APP.test(name)).sort().map((name) => join(app, name));
  }

  #read(): ts.ParsedCommandLine {
    const { ts, root } = this;
    const file = join(root, "tsconfig.json");
    const fallback = { strict: true, target: "ES2022", module: "NodeNext", moduleResolution: "NodeNext", jsx: "preserve", jsxImportSource: "@vango/core", skipLibCheck: true };
    const { config, error } = ts.sys.fileExists(file) ? ts.readConfigFile(file, (name) => ts.sys.readFile(name)) : { config: { compilerOptions: fallback, include: ["app"] } as unknown, error: undefined };
    if (error !== undefined) throw stateError("VANGO_STATE_TSCONFIG", { message: ts.flattenDiagnosticMessageText(error.messageText, " ") });
    const parsed = ts.parseJsonConfigFileContent(config, ts.sys, root, { noEmit: true, declaration: false, declarationMap: false, composite: false, incremental: false, sourceMap: false, allowJs: false }, file);
    const fatal = parsed.errors.find(({ code, category }) => category === ts.DiagnosticCategory.Error && code !== NO_INPUTS);
    if (fatal !== undefined) throw stateError("VANGO_STATE_TSCONFIG", { message: ts.flattenDiagnosticMessageText(fatal.messageText, " ") });
    return parsed;
  }
}

/** What tells two states of a file apart; "" for none. */
function versionOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? "" : `${stat.mtimeMs} ${stat.size}`;
}

/** "No inputs were found": the files are found by their folder anyway. */
const NO_INPUTS = 18003;
