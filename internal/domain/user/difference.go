package user

// Difference is what the audit log says about a change: the fields that changed, as they
// were and as they are.
func Difference(before, after User) (was, is map[string]any) {
	was, is = map[string]any{}, map[string]any{}
	note := func(field string, b, a any) {
		if b != a {
			was[field], is[field] = b, a
		}
	}
	note("email", before.Email, after.Email)
	note("name", before.Name, after.Name)
	note("role", before.Role, after.Role)
	note("status", before.Status, after.Status)
	note("hotelUnit", before.Unit, after.Unit)
	note("avatarUrl", before.AvatarURL, after.AvatarURL)
	return was, is
}
