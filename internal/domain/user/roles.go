package user

// RoleSet is a set of roles: who may do something.
type RoleSet uint8

// SetOf makes a set.
func SetOf(roles ...Role) RoleSet {
	var s RoleSet
	for _, r := range roles {
		s |= bit(r)
	}
	return s
}

// Has reports whether a role is in the set. A role that is none is in no set.
func (s RoleSet) Has(r Role) bool { return s&bit(r) != 0 }

func bit(r Role) RoleSet {
	for i, known := range Roles {
		if r == known {
			return 1 << i
		}
	}
	return 0
}

// MayGrant reports whether somebody with role r may give somebody the role other:
// nobody grants what stands above them, and only the platform makes super admins.
func (r Role) MayGrant(other Role) bool {
	return r.Manages() && other.IsKnown() && (other != SuperAdmin || r == SuperAdmin)
}
