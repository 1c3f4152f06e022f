import Graphs

extension Plan {
  /// Fills an input with one row after the other; a row of one number is repeated. Nothing happens
  /// where no output depends on the input.
  func fillRows(_ name: String, _ rows: [[Float]]) {
    guard let buffer = input(name) else { return }
    let extent = buffer.count / rows.count
    for (index, numbers) in rows.enumerated() {
      let row = UnsafeMutableBufferPointer(
        rebasing: buffer[index * extent..<(index + 1) * extent])
      if numbers.count == 1 {
        row.update(repeating: numbers[0])
      } else {
        _ = row.update(fromContentsOf: numbers)
      }
    }
  }
}
