import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { build, transform } from 'esbuild'
import { compile, Logger } from 'sass'

const TARGET = ['es2022', 'chrome109', 'firefox115', 'safari16.4'] // the newest Chromium that Windows 7 offices can run is 109

/** Our style sheet with the component libraries under our settings, minified. */
export async function compileStyles (root: string): Promise<string> {
  const { css } = compile(path.join(root, 'src/assets/styles/site.scss'), {
    // The second library asks for `node_modules/govuk-frontend/…`; one load path makes both spellings reach one module with our settings.
    loadPaths: [root],
    quietDeps: true,
    logger: Logger.silent,
    charset: false
  })
  const { code } = await transform(css, { loader: 'css', minify: true, target: TARGET, charset: 'utf8', legalComments: 'none' })
  return code
}

/** What must run before a page is painted: a plain script, a few hundred bytes. */
export async function compileEarly (root: string): Promise<string> {
  const { code } = await transform(await readFile(path.join(root, 'src/assets/modules/early.js'), 'utf8'), { minify: true, target: TARGET, format: 'iife', charset: 'utf8' })
  return code
}

/** The browser modules as one minified ES module: pages that lack a component pay nothing but its bytes. */
export async function compileModules (root: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [path.join(root, 'src/assets/modules/site.js')],
    absWorkingDir: root,
    bundle: true,
    write: false,
    format: 'esm',
    minify: true,
    target: TARGET,
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'silent'
  })
  return outputFiles[0]?.text ?? ''
}
