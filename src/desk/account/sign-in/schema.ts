import Type from 'typebox'

export const SignInQuery = Type.Object({
  next: Type.Optional(Type.String({ maxLength: 500 })),
  out: Type.Optional(Type.String())
})

export const SignInForm = Type.Object({
  username: Type.String({ maxLength: 100 }),
  password: Type.String({ maxLength: 1000 }),
  next: Type.Optional(Type.String({ maxLength: 500 }))
})
