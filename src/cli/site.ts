import { BadConfig, type Config } from '../config.ts'
import type { Logo } from '../web/page/logo.ts'
import type { Site } from '../web/page/site.ts'

/** Reads the settings of the site. Throws `BadConfig` for a logo that cannot be served and for a color that cannot be read. */
export const readSite = async (config: Config): Promise<Partial<Site>> => {
  const { SITE_NAME, SITE_URL, SITE_LOGO, SITE_ACCENT, SITE_EDIT_URL, EMBED_ORIGINS } = config
  return {
    name: SITE_NAME,
    embedOrigins: EMBED_ORIGINS,
    ...(SITE_URL && { url: SITE_URL }),
    ...(SITE_EDIT_URL && { editUrl: SITE_EDIT_URL }),
    ...(SITE_LOGO && { logo: await logoOf(SITE_LOGO) }),
    ...(SITE_ACCENT && { accent: await accentOf(SITE_ACCENT) }),
  }
}

const logoOf = async (setting: string): Promise<Logo> => {
  const { readLogo } = await import('../web/page/logo.ts')
  const result = readLogo(setting)
  if (result.problem !== undefined) throw new BadConfig(`SITE_LOGO ${result.problem}.`)
  const { logo } = result
  if (logo.file === undefined) return logo
  const { drawLogo } = await import('../web/preview/draw-logo.ts')
  return { ...logo, picture: drawLogo(logo.file) }
}

/** Loads the library for colors only if it is needed. */
const accentOf = async (setting: string) => {
  const { parseAccent } = await import('../web/page/accent.ts')
  const result = parseAccent(setting)
  if (result.problem !== undefined) throw new BadConfig(`SITE_ACCENT ${result.problem}.`)
  return result.accent
}
