import importX from 'eslint-plugin-import-x'
import jsxA11y from 'eslint-plugin-jsx-a11y'
import reactHooks from 'eslint-plugin-react-hooks'
import { readdirSync } from 'node:fs'
import tseslint from 'typescript-eslint'

// The rooms, bottom to top: a file imports from its own room and from those before it. Features do not know each
// other; routes in app/ put them together.
const rooms = ['lib', 'api', 'components', 'outgoing', 'realtime', 'features', 'app']
const features = readdirSync(new URL('./src/features', import.meta.url))

const zones = [
  ...rooms.map((room, i) => ({
    target: `./src/${room}`,
    from: rooms.slice(i + 1).map((above) => `./src/${above}`),
    message: `${room}/ stands below: let the room above pass it in.`,
  })).filter((zone) => zone.from.length > 0),
  ...features.map((feature) => ({
    target: `./src/features/${feature}`,
    from: './src/features',
    except: [`./${feature}`],
    message: 'Features do not import features; a route puts them together.',
  })),
]

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'src/api/schema.gen.ts', 'screenshots'] },
  ...tseslint.configs.recommended,
  reactHooks.configs.flat.recommended,
  jsxA11y.flatConfigs.recommended,
  {
    files: ['src/**/*.{ts,tsx}'],
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver-next': [importX.createNodeResolver({ extensions: ['.ts', '.tsx', '.js'], alias: { '@': [new URL('./src', import.meta.url).pathname] } })] },
    rules: {
      'import-x/no-restricted-paths': ['error', { zones }],
      'import-x/no-cycle': 'error',
      'import-x/no-default-export': 'error',
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      'jsx-a11y/media-has-caption': 'off', // guests' recordings have no captions
      'jsx-a11y/no-autofocus': 'off', // the first field of a log-in page
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_$', ignoreRestSiblings: true }],
      'jsx-a11y/no-noninteractive-tabindex': ['error', { roles: ['log', 'separator'] }], // a thread is scrolled, a pane resized by keyboard
      'react-hooks/incompatible-library': 'off', // the compiler is not used
    },
  },
  { files: ['src/lib/i18n/**'], rules: { 'max-lines': 'off' } }, // a dictionary is as long as what is said
)
