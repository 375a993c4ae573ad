// The emoji that people at a reception use, by what they are about.
export const emoji: { name: 'smileys' | 'gestures' | 'travel' | 'food' | 'nature' | 'things' | 'signs'; all: string[] }[] = [
  { name: 'smileys', all: split('😀 😃 😄 😁 😆 😅 😂 🤣 🙂 🙃 😉 😊 😇 🥰 😍 🤩 😘 😗 😚 😋 😛 😜 🤪 🤗 🤭 🤔 🤐 😐 😏 😒 🙄 😬 😌 😔 😴 😷 🤒 🤕 🤧 🥵 🥶 😎 🤓 😕 😟 🙁 😮 😯 😲 😳 🥺 😨 😥 😢 😭 😱 😖 😞 😓 😩 😤 😡 🤝 ❤️ 🧡 💛 💚 💙 💜 🤍 💔 💕 💖') },
  { name: 'gestures', all: split('👍 👎 👌 🤌 ✌️ 🤞 🤙 👋 🖐️ ✋ 👏 🙌 👐 🙏 💪 👉 👈 👆 👇 ☝️ ✍️ 🤳 👀 🙋 🙋‍♂️ 🙋‍♀️ 💁 💁‍♂️ 💁‍♀️ 🙇 🤷 🤷‍♂️ 🤷‍♀️ 👶 🧒 👦 👧 👨 👩 👴 👵 👨‍👩‍👧 👨‍👩‍👧‍👦 👫 🤵 👰 🐶 🐱') },
  { name: 'travel', all: split('🏨 🏖️ 🏝️ 🏡 🏠 🛏️ 🛎️ 🛁 🚿 🚪 🔑 🗝️ 🧳 🏊 🏊‍♀️ 🧖 💆 🚗 🚕 🚌 🚐 ✈️ 🛫 🛬 🚢 ⛵ 🚤 🚲 🗺️ 🧭 📍 🌊 🏄 🤿 🎣 ⛰️ 🏕️ 🌅 🌇 🌃 🎡 🅿️ 🚭 ♿ 📶') },
  { name: 'food', all: split('☕ 🍵 🥐 🥖 🧀 🥚 🍳 🥓 🥞 🍞 🍎 🍌 🍍 🥭 🍓 🍇 🍉 🥥 🥑 🥗 🍲 🍝 🍕 🍔 🍟 🥩 🍗 🍤 🦐 🦞 🐟 🍣 🍚 🍰 🎂 🍫 🍦 🍷 🥂 🍾 🍺 🍹 🥤 🧊 🍽️') },
  { name: 'nature', all: split('☀️ 🌤️ ⛅ 🌧️ ⛈️ 🌈 ❄️ 🌡️ 🌙 ⭐ 🌟 ✨ 🔥 💧 🌴 🌳 🌲 🌵 🌻 🌺 🌸 🌹 💐 🍀 🐾 🐬 🐢 🐠 🦜 🦋 🐞 🐝') },
  { name: 'things', all: split('📅 🗓️ ⏰ ⏳ 📞 📱 💻 📧 📝 📄 📎 📷 📸 🎥 🎵 🎶 🎁 🎉 🎊 🎈 🪅 💳 💵 💰 🧾 🏷️ 🛒 🧴 🧼 🪥 🧹 🔌 💡 🔧 🩹 💊 🧸 🎮 📺 👕 👙 🩳 🕶️ ☂️') },
  { name: 'signs', all: split('✅ ☑️ ✔️ ❌ ❎ ⚠️ ❗ ❓ ‼️ ⁉️ 💯 🔴 🟡 🟢 🔵 ⚪ ⚫ ➡️ ⬅️ ⬆️ ⬇️ 🔄 🆗 🆕 🆓 ℹ️ 🔔 🔕 💬 💤 #️⃣ 1️⃣ 2️⃣ 3️⃣ 4️⃣ 5️⃣ 6️⃣ 7️⃣ 8️⃣ 9️⃣ 🔟') },
]

function split(text: string): string[] {
  return text.split(' ')
}

const key = 'botreserva.emoji'
const most = 24

export function recentEmoji(): string[] {
  return (localStorage.getItem(key) ?? '👍 😊 🙏 ❤️ ✅ 🏖️ ☀️ 🎉').split(' ')
}

export function usedEmoji(one: string) {
  localStorage.setItem(key, [one, ...recentEmoji().filter((other) => other !== one)].slice(0, most).join(' '))
}
