import { Menu as Base } from '@base-ui/react/menu'
import { Check } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'

const row = 'flex min-h-9 cursor-default items-center gap-2.5 rounded-md px-2.5 outline-none data-[highlighted]:bg-hover'

/** Actions behind a button. */
export function Menu({ trigger, children }: { trigger: ReactElement<Record<string, unknown>>; children: ReactNode }) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={6} className="z-50">
          <Base.Popup className="min-w-52 rounded-lg border border-line bg-paper p-1 shadow-lifted outline-none">{children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

export function MenuItem({ icon, danger, onClick, children }: { icon?: ReactNode; danger?: boolean; onClick: () => void; children: ReactNode }) {
  return <Base.Item onClick={onClick} className={danger ? `${row} text-danger` : row}>{icon}{children}</Base.Item>
}

type Choice<T extends string> = { value: T; label: string }

/** One of a few, with a tick beside it. */
export function MenuChoices<T extends string>(p: { label: string; value: T; choices: Choice<T>[]; onChoose: (v: T) => void }) {
  return (
    <Base.Group>
      <Base.GroupLabel className="px-2.5 pt-2 pb-1 text-tiny font-medium text-faint">{p.label}</Base.GroupLabel>
      <Base.RadioGroup value={p.value} onValueChange={(v: T) => p.onChoose(v)}>
        {p.choices.map((c) => (
          <Base.RadioItem key={c.value} value={c.value} className={row} closeOnClick>
            <span className="size-4"><Base.RadioItemIndicator><Check className="size-4 text-brand" /></Base.RadioItemIndicator></span>
            {c.label}
          </Base.RadioItem>
        ))}
      </Base.RadioGroup>
    </Base.Group>
  )
}

export const MenuLine = () => <Base.Separator className="my-1 h-px bg-line" />
