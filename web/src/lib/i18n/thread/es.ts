import type { ThreadTexts } from './pt'

export const es: ThreadTexts = {
  emoji: {
    recent: 'Recientes', smileys: 'Caras y corazones', gestures: 'Gestos y personas', travel: 'Hotel y viaje', food: 'Comida y bebida', nature: 'Naturaleza y tiempo',
    things: 'Objetos', signs: 'Señales',
  },
  voice: {
    label: 'Grabación de voz',
    refused: 'El navegador no dio acceso al micrófono. Permita el micrófono para esta dirección e inténtelo de nuevo.',
    discard: 'Descartar grabación',
    stop: 'Dejar de grabar',
    hear: 'Escuchar la grabación',
    send: 'Enviar mensaje de voz',
  },
  schedule: {
    title: 'Programar mensaje',
    when: 'Cuándo enviar',
    inAnHour: 'En una hora',
    tomorrow: 'Mañana a las 9:00',
    monday: 'El lunes a las 9:00',
    past: 'Elija un momento que aún no haya pasado.',
    needsGuest: 'A esa hora la ventana de 24 horas estará cerrada. El mensaje solo sale si el huésped escribe antes.',
    submit: 'Programar',
    done: (when: string) => `Mensaje programado para ${when}.`,
  },
  template: {
    title: 'Enviar plantilla',
    search: 'Buscar plantilla',
    none: 'Ninguna plantilla aprobada.',
    noneFound: 'Ninguna plantilla con este texto.',
    back: 'Otras plantillas',
    preview: 'Lo que leerá el huésped',
    gap: (name: string) => `Texto para ${name}`,
    suffix: (name: string) => `Final del enlace del botón “${name}”`,
    code: (name: string) => `Código del botón “${name}”`,
    file: { image: 'Foto del encabezado', video: 'Vídeo del encabezado', document: 'Documento del encabezado' },
    chooseFile: 'Elegir archivo',
    uploading: 'Subiendo archivo…',
    cannotFill: 'Esta plantilla pide algo que aquí todavía no se puede completar (una ubicación, un catálogo o un carrusel).',
    example: (text: string) => `Ejemplo: ${text}`,
    send: 'Enviar plantilla',
  },
}
