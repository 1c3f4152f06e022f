import Tensors

/// A static graph of operations on tensors of known shapes.
///
/// Nodes are only ever appended, so their order is a topological one. Equal nodes are made once.
/// A graph is differentiated symbolically (`gradient(of:withRespectTo:)`) and compiled into a
/// `Plan` to be run.
package final class Graph {
  /// One operation, the nodes it reads and the shape of its result.
  package struct Node: Hashable {
    package let operation: Operation
    package let inputs: [Int]
    package let shape: Shape
  }

  package private(set) var nodes: [Node] = []
  private var known: [Node: Int] = [:]

  package init() {}

  /// The value of `operation` on `inputs`. Callers have checked the shapes.
  func value(_ operation: Operation, _ inputs: [Value], _ shape: Shape) -> Value {
    precondition(inputs.allSatisfy { $0.graph === self }, "values of one graph")
    let node = Node(operation: operation, inputs: inputs.map(\.index), shape: shape)
    if let index = known[node] { return Value(graph: self, index: index, shape: shape) }
    nodes.append(node)
    known[node] = nodes.count - 1
    return Value(graph: self, index: nodes.count - 1, shape: shape)
  }

  /// The value of a node.
  func value(at index: Int) -> Value {
    Value(graph: self, index: index, shape: nodes[index].shape)
  }

  /// A tensor that the caller fills before each run (`Plan.fill`), by name.
  package func input(_ name: String, _ shape: Shape) -> Value {
    value(.input(name: name), [], shape)
  }

  /// A tensor that the caller writes before each run (`Function.write`).
  package func input(_ shape: Shape) -> Value { input("input \(nodes.count)", shape) }

  /// A tensor that lives in the parameter store.
  package func parameter(_ name: String, _ shape: Shape) -> Value {
    value(.parameter(name: name), [], shape)
  }

  /// One number everywhere.
  package func constant(_ number: Float, _ shape: Shape = .scalar) -> Value {
    value(.constant(number), [], shape)
  }

  /// Numbers that do not change.
  package func constant(_ tensor: Tensor) -> Value {
    value(.tensor(tensor.elements), [], tensor.shape)
  }
}

/// The result of a node: what expressions are made of.
package struct Value {
  package let graph: Graph
  package let index: Int
  package let shape: Shape

  var node: Graph.Node { graph.nodes[index] }

  /// The number that the value holds everywhere, where that is known.
  var constant: Float? {
    if case .constant(let number) = node.operation { return number }
    return nil
  }
}
