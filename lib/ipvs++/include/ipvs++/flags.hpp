// A set of enumerators whose values are single bits, as the kernel's flag words are.
#pragma once

#include <initializer_list>
#include <type_traits>

namespace ipvs {
inline namespace [[gnu::visibility("default")]] v0 {

/// Bits that this library does not name survive a round trip through the set.
template <class Flag>
class Flags {
 public:
  using Bits = std::underlying_type_t<Flag>;

  constexpr Flags() = default;
  constexpr Flags(std::initializer_list<Flag> flags) {
    for (Flag flag : flags) set(flag);
  }
  static constexpr Flags from_bits(Bits bits) {
    Flags flags;
    flags.bits_ = bits;
    return flags;
  }

  constexpr Bits bits() const { return bits_; }
  constexpr bool has(Flag flag) const { return (bits_ & static_cast<Bits>(flag)) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr void set(Flag flag) { bits_ = static_cast<Bits>(bits_ | static_cast<Bits>(flag)); }

  friend constexpr bool operator==(const Flags&, const Flags&) = default;

 private:
  Bits bits_ = 0;
};

}  // namespace gnu::visibility("default")]]v0
}  // namespace ipvs
