// The app as TypeScript sees it: its tsconfig, its files, one program. The program is kept between extractions, so that a
// changed file costs its own parse and what is looked at again. TypeScript itself is loaded when it is needed first.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type ts from "typescript";
import { stateError } from "../errors.js";

export type TypeScript = typeof ts;

/** TypeScript takes a third of a second to load: only commands that look at types do. */
export async function loadTypeScript(): Promise<TypeScript> {
  return (await import("typescript")).default;
}

const SOURCE = /\.[cm]?tsx?$/;
const NOT_THE_APP = /(?:^|\/)(?:node_modules|dist|\.[^/]+)(?:\/|$)|\.d\.[cm]?ts$|\.(?:test|spec|stories|bench)\.[cm]?tsx?$/;

/** Programs of one app, each made from the last. */
export class AppProgram {
  #last: ts.Program | undefined;
  #files = new Map<string, ts.SourceFile>();
  #options: ts.ParsedCommandLine | undefined;

  constructor(
    readonly ts: TypeScript,
    readonly root: string,
  ) {}

  /** Forgets what may have changed. With no files: everything. Paths are from the root. */
  changed(files?: readonly string[]): void {
    if (files === undefined || files.some((file) => /(?:^|\/)tsconfig[^/]*\.json$|^package\.json$/.test(file))) {
      this.#options = undefined;
      this.#files.clear();
      return;
    }
    for (const file of files) this.#files.delete(this.#path(join(this.root, file)));
  }

  /** The program of what is on disk now, as far as `changed` was told. @throws VangoError `VANGO_STATE_TSCONFIG` */
  program(): ts.Program {
    const { ts } = this;
    const { options, fileNames } = (this.#options ??= this.#read());
    const host = ts.createCompilerHost(options, true);
    const read = host.getSourceFile.bind(host);
    host.getSourceFile = (name, ...rest) => {
      const path = this.#path(name);
      const known = this.#files.get(path);
      if (known !== undefined) return known;
      const file = read(name, ...rest);
      if (file !== undefined) this.#files.set(path, file);
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

/** "No inputs were found": the files are found by their folder anyway. */
const NO_INPUTS = 18003;
